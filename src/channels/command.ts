import type { HttpAnswer, Message, Outgoing, Sent } from '../domain/message.ts'
import { messageAsJson } from './document.ts'
import { type Kind, saidIn } from './kind.ts'
import { checkFields, FIELD_NAMES, fieldIn, filled } from './template.ts'
import { cut } from './text.ts'

export type CommandSettings = { program: string; args?: readonly string[] }

/** Linux takes 128 KiB in one argument; a letter is three bytes at most. */
const LONGEST_ARGUMENT = 40_000

/** `atLeast` is told as `AFFIRMATIVE_MESSAGE_AT_LEAST`. Not shorter: our command line reads `AFFIRMATIVE_URL` and `AFFIRMATIVE_ENV`. */
const variableOf = (name: string): string =>
  `AFFIRMATIVE_MESSAGE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

const variablesOf = (message: Message): Record<string, string> =>
  Object.fromEntries(FIELD_NAMES.map((name) => [variableOf(name), String(fieldIn(message, name) ?? '')]))

/** Each argument stays one, whatever is filled in. */
const render = ({ program, args = [] }: CommandSettings, message: Message): Outgoing[] => [
  {
    via: 'program',
    program,
    args: args.map((arg) => cut(filled(arg, message), LONGEST_ARGUMENT)),
    input: messageAsJson(message),
    env: variablesOf(message),
  },
]

/** Called wrongly (sysexits.h), not executable, not there: trying again changes nothing. */
const NEVER = [64, 126, 127]

function judge(answer: HttpAnswer): Sent {
  const said = saidIn(answer)
  if (answer.status === 0) return { kind: 'sent', said }
  return NEVER.includes(answer.status) ? { kind: 'never', said } : { kind: 'again', said, after: null }
}

const checkProgram = (text: string): string | null =>
  /^\/[^\p{Cc}]+$/u.test(text) ? null : 'has to be a whole path, like /usr/local/bin/tell.'

const checkArgument = (text: string): string | null =>
  /(?![\n\t])\p{Cc}/u.test(text) ? 'must not hold control characters.' : checkFields(text)

/** A program on this machine. Its exit status is judged: 0 is told. */
export const command: Kind<CommandSettings> = {
  label: 'Command',
  fields: [
    {
      name: 'program',
      label: 'Program',
      hint: 'its whole path; it gets the message as JSON on standard input',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 1_000,
      check: checkProgram,
    },
    {
      name: 'args',
      label: 'Arguments',
      hint: 'may hold {{title}}, {{event}}, …; each stays one argument',
      type: 'list',
      isRequired: false,
      isSecret: false,
      longest: 1_000,
      check: checkArgument,
    },
  ],
  render,
  judge,
}
