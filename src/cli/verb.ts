import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Env } from '../config.ts'

/** Where a verb speaks and what it is told by its surroundings. */
export type Surroundings = { env: Env; out: Printed; err: Printed }
export type Printed = { isTTY?: boolean; columns?: number; write(text: string): unknown }

/** One thing that the command line can do. `help` fits a screen. `run` throws `WrongUsage`, or what is told by `lastWords`. */
export type Verb = {
  name: string
  /** Half a line, for the list of verbs. */
  summary: string
  help: string
  run(args: readonly string[], surroundings: Surroundings): Promise<void>
}

/** The command was not understood; nothing was done. */
export class WrongUsage extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>
type Given<O extends Options> = ReturnType<typeof parseArgs<{ options: O; strict: true }>>['values']

/** The options of a verb that takes nothing else. */
export function optionsOf<O extends Options>(args: readonly string[], options: O): Given<O> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new WrongUsage(`${error.message.split('. ')[0]}.`)
  }
}
