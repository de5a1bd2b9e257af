#!/usr/bin/env node
import { copyVerb } from './cli/copy.ts'
import { inviteVerb } from './cli/invite.ts'
import { serveVerb } from './cli/serve.ts'
import { type Surroundings, type Verb, WrongUsage } from './cli/verb.ts'
import { lastWords } from './last-words.ts'
import { version } from './version.ts'

const VERBS: readonly Verb[] = [serveVerb, copyVerb, inviteVerb]

const HELP = `affirmative ${version()} – makes sure that things happen

${VERBS.map(({ name, summary }) => `  affirmative ${name.padEnd(8)}${summary}`).join('\n')}

  affirmative VERB --help     what the verb takes
  affirmative --version
`

const isHelp = (arg: string | undefined): boolean => arg === '--help' || arg === '-h'

async function obey([first, ...rest]: readonly string[], surroundings: Surroundings): Promise<void> {
  const { out } = surroundings
  if (isHelp(first)) return void out.write(HELP)
  if (first === '--version') return void out.write(`${version()}\n`)
  const verb = VERBS.find(({ name }) => name === (first ?? 'serve'))
  if (verb === undefined)
    throw new WrongUsage(`There is no verb "${first}". There are: ${VERBS.map(({ name }) => name).join(', ')}.`)
  if (rest.some(isHelp)) return void out.write(verb.help)
  await verb.run(rest, surroundings)
}

obey(process.argv.slice(2), { env: process.env, out: process.stdout, err: process.stderr }).catch((error: unknown) => {
  const isUsage = error instanceof WrongUsage
  process.stderr.write(isUsage ? `${error.message}\nSee: affirmative --help\n` : `${lastWords(error)}\n`)
  process.exit(isUsage ? 2 : 1)
})
