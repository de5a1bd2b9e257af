import { Fault, type FieldError, invalid } from '../../domain/fault.ts'
import { keepJson } from '../../domain/json.ts'
import type { Asked } from '../../services/affirm.ts'
import { checked, type Reading, readAsked } from '../schema/affirmation.ts'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const WORDS: Readonly<Record<string, string>> = { event: 'name', at: 'time', value: 'data' }

/** The same mistakes at the fields of the original, whose event has a `name`, a `time` and `data`. */
export const inItsWords = (errors: readonly FieldError[], words = WORDS): Fault =>
  invalid(errors.map(({ path, detail }) => ({ path: words[path] ?? path, detail })))

const ZONELESS = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/

/** The original's first client wrote UTC and did not say so. */
const instantIn = (time: unknown): unknown => (typeof time === 'string' && ZONELESS.test(time) ? `${time}Z` : (time ?? undefined))

/** One event as the original's clients send it; a fault that tells all that is wrong. Fields that nobody knows are left alone, as there. */
export function readEvent(event: unknown, reading: Reading): Asked | Fault {
  if (!isObject(event))
    return invalid([{ path: '', detail: 'An event is an object, like {"name": "backup_done", "data": "ok"}' }])
  const { name, env, time, data } = event
  const value = data === undefined || data === null ? null : checked(keepJson(data, null))
  const asked = readAsked({ event: name ?? undefined, env: env ?? undefined, at: instantIn(time) }, value, reading)
  const wrong = asked instanceof Fault ? asked.errors : reading.wrongIn(asked)
  return wrong.length > 0 ? inItsWords(wrong) : asked
}
