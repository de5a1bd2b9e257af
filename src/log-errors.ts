import { type DestinationStream, type Logger, pino } from 'pino'

/** An error as the log tells it. `statement` is what the database was asked, without the values. */
type Told = { type: string; code?: string; message: string; stack: string; statement?: string; cause?: Told; errors?: Told[] }

/** Causes of causes that are told; a cause may be a circle. */
const DEEPEST = 5
/** A query builder says all values of its statement behind these words, in its message and so in its stack. */
const VALUES = /\s*\bparams: [\s\S]*/

/** Where it happened, without the message that a stack begins with: what remains of it is told for itself. */
function placesOf({ message, stack = '' }: Error): string {
  const start = stack.indexOf(message === '' ? '\n' : message)
  return start < 0 ? '' : stack.slice(start + message.length)
}

/**
 * What may be written down of an error: its name, code, message and places, and those of its causes. Of a statement that failed never the
 * values, which may be secrets, and nothing else that a driver hangs on its errors: details of PostgreSQL repeat values, too.
 */
const told = (error: unknown): unknown => (error instanceof Error ? toldOf(error, 0) : error)

function toldOf(error: Error, depth: number): Told {
  const { query, code } = error as { query?: unknown; code?: unknown }
  const message = error.message.replace(VALUES, '')
  const result: Told = { type: error.name, message, stack: `${error.name}: ${message}${placesOf(error)}` }
  if (typeof code === 'string') result.code = code
  if (typeof query === 'string') result.statement = query
  if (depth === DEEPEST) return result
  if (error.cause instanceof Error) result.cause = toldOf(error.cause, depth + 1)
  if (error instanceof AggregateError)
    result.errors = error.errors.flatMap((one) => (one instanceof Error ? [toldOf(one, depth + 1)] : []))
  return result
}

/** The same as text: the stack, and those of the causes. */
export function inWords(error: Error): string {
  const stacks: string[] = []
  for (let next: Told | undefined = toldOf(error, 0); next !== undefined; next = next.cause) stacks.push(next.stack)
  return stacks.join('\ncaused by ')
}

/** What the program logs with; to standard output where nothing else is given. */
export const aLogger = (level: string, to: DestinationStream = pino.destination(1)): Logger =>
  pino({ level, serializers: { err: told } }, to)
