import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Env } from '../config.ts'
import { nearestName } from '../domain/nearest.ts'

/** Where a verb speaks and what it is told by its surroundings. */
export type Surroundings = {
  env: Env
  out: Printed
  err: Printed
  /** Standard input. It is opened when it is asked for: a command that is started next to us must find all of it. */
  input(): AsyncIterable<Uint8Array>
}
/** Bytes are written as they are. */
export type Printed = { isTTY?: boolean; columns?: number; write(text: string | Uint8Array): unknown }

/** How the program ends; a verb that runs a command ends as that did, with any number up to 255. */
export const EXIT = { done: 0, refused: 1, notUnderstood: 2, notAsked: 3 } as const

/** One thing that the command line can do. `help` fits a screen of 80 × 24 and names every option: completion reads them there. */
export type Verb = {
  name: string
  /** Half a line, for the list of verbs. */
  summary: string
  help: string
  /** Resolves to the exit status. Throws `WrongUsage`, a `Refused` or `NotAsked` of the server, or what is told by `lastWords`. */
  run(args: readonly string[], surroundings: Surroundings): Promise<number>
}

/** The command was not understood; nothing was done. */
export class WrongUsage extends Error {}

export type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; strict: true; allowPositionals: true }>>

const UNKNOWN = /^Unknown option '(-[^']*)'/

/** What is wrong with the arguments, in one sentence. */
function usageOf(error: TypeError, options: Options): string {
  const [, option] = UNKNOWN.exec(error.message) ?? []
  const sentence = `${error.message.split('. ')[0]?.replace(/\.$/, '')}.`
  if (option === undefined) return sentence
  const nearest = nearestName(option.replace(/^-+/, ''), Object.keys(options))
  return nearest === null ? sentence : `${sentence} Did you mean --${nearest}?`
}

function parsed<O extends Options>(args: readonly string[], options: O, allowPositionals: boolean): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals }) as Parsed<O>
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new WrongUsage(usageOf(error, options))
  }
}

/** The options of a verb that takes nothing else. Throws `WrongUsage`. */
export const optionsOf = <O extends Options>(args: readonly string[], options: O): Parsed<O>['values'] =>
  parsed(args, options, false).values

/** The options of a verb and the words between them. Throws `WrongUsage`. */
export const argumentsOf = <O extends Options>(args: readonly string[], options: O): Parsed<O> => parsed(args, options, true)

/** As many words as the verb takes: `names` says what each of them is. Throws `WrongUsage`. */
export function wordsOf(positionals: readonly string[], names: readonly string[], optional: readonly string[] = []): string[] {
  const missing = names[positionals.length]
  if (missing !== undefined) throw new WrongUsage(`${missing} is missing.`)
  const most = names.length + optional.length
  if (positionals.length > most) throw new WrongUsage(`Unexpected argument '${positionals[most]}'.`)
  return [...positionals]
}

/** What a verb does by its first word. Throws `WrongUsage` that names all that there is. */
export function stepIn<T>(steps: Readonly<Record<string, T>>, verb: string, word: string): T {
  const step = steps[word]
  if (step === undefined) throw new WrongUsage(`There is no "${verb} ${word}". There are: ${Object.keys(steps).join(', ')}.`)
  return step
}
