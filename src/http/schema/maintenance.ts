import * as v from 'valibot'
import { type FieldError, invalid } from '../../domain/fault.ts'
import {
  isMaintenanceName,
  MAINTENANCE_NAME_RULE,
  type MaintenanceMatch,
  MOST_MATCHED,
  type Plan,
} from '../../domain/maintenance.ts'
import type { MaintenanceDraft } from '../../store/store.ts'
import { schedule, timeZone } from './expectation.ts'
import { duration, env, instant, page, tags, word } from './fields.ts'

const PATTERN_RULE = 'a name of an event: 1 to 128 of A-Z a-z 0-9 _ . : - and * for any part of one'
const patterns = v.pipe(
  v.array(
    v.pipe(v.string('must be a text'), v.regex(/^[A-Za-z0-9_.:*-]{1,128}$/, PATTERN_RULE)),
    'must be a list of names of events',
  ),
  v.maxLength(MOST_MATCHED, `at most ${MOST_MATCHED} names`),
)
const envs = v.pipe(
  v.array(env, 'must be a list of environments'),
  v.maxLength(MOST_MATCHED, `at most ${MOST_MATCHED} environments`),
)

const MATCH_RULE = 'must be an object like {"events": ["backup_*"], "envs": ["prod"]}, or null for everything'

/** What asks for nothing is for everything. */
const matchOf = (match: { events?: string[]; tags?: string[]; envs?: string[] } | null): MaintenanceMatch | null => {
  const asked = Object.entries(match ?? {}).filter(([, list]) => list !== undefined && list.length > 0)
  return asked.length === 0 ? null : Object.fromEntries(asked.map(([field, list]) => [field, [...new Set(list)]]))
}

const match = v.pipe(
  v.nullable(v.strictObject({ events: v.optional(patterns), tags: v.optional(tags), envs: v.optional(envs) }, MATCH_RULE)),
  v.transform((given) => matchOf(given as Parameters<typeof matchOf>[0])),
)

/** As a form has it, where a list that is left blank asks for nothing. */
export const newMaintenance = v.strictObject({
  name: v.pipe(v.string('must be a text'), v.check(isMaintenanceName, MAINTENANCE_NAME_RULE)),
  from: v.optional(instant),
  to: v.optional(instant),
  schedule: v.optional(schedule),
  timeZone: v.optional(timeZone),
  lasts: v.optional(duration(0, '')),
  match: v.optional(match, null),
})

/** A program that sends a list with nothing in it has lost what it was to hold: that must not hold back everything. */
const EMPTY_LIST = 'an empty list fits nothing: leave it out, or name at least one'
const isHolding = (given: object): boolean => Object.keys(given).length > 0
const some = <S extends v.GenericSchema<unknown, string[]>>(list: S) => v.optional(v.pipe(list, v.minLength(1, EMPTY_LIST)))

const sentMatch = v.pipe(
  v.nullable(
    v.pipe(
      v.strictObject({ events: some(patterns), tags: some(tags), envs: some(envs) }, MATCH_RULE),
      v.check(isHolding, 'an empty object asks for nothing: leave match out, or write null, for everything'),
    ),
  ),
  v.transform((given) => matchOf(given as Parameters<typeof matchOf>[0])),
)

/** As a program sends it. */
export const sentMaintenance = v.strictObject({ ...newMaintenance.entries, match: v.optional(sentMatch, null) })
type Read = v.InferOutput<typeof newMaintenance>

const ONE_OF_BOTH = 'give either from and to, or a schedule and how long it lasts'
const missing = (path: string): FieldError => ({ path, detail: `is required: ${ONE_OF_BOTH}` })
const tooMuch = (path: string): FieldError => ({ path, detail: `does not go with the others: ${ONE_OF_BOTH}` })

function onceOf({ from, to, timeZone, lasts }: Read): Plan {
  if (from !== undefined && to !== undefined && timeZone === undefined && lasts === undefined) return { kind: 'once', from, to }
  throw invalid([
    ...(from === undefined ? [missing('from')] : []),
    ...(to === undefined ? [missing('to')] : []),
    ...(timeZone === undefined ? [] : [tooMuch('timeZone')]),
    ...(lasts === undefined ? [] : [tooMuch('lasts')]),
  ])
}

function againOf(expression: string, zone: string, { from, to, lasts, timeZone = zone }: Read): Plan {
  if (lasts !== undefined && from === undefined && to === undefined) return { kind: 'again', expression, timeZone, lasts }
  throw invalid([
    ...(lasts === undefined ? [missing('lasts')] : []),
    ...(from === undefined ? [] : [tooMuch('from')]),
    ...(to === undefined ? [] : [tooMuch('to')]),
  ])
}

/** `zone` is the server's, for schedules that name none. Throws `invalid` for what says neither or both of when it is. */
export const maintenanceOf = (input: Read, zone: string): MaintenanceDraft => ({
  name: input.name,
  match: input.match,
  plan: input.schedule === undefined ? onceOf(input) : againOf(input.schedule, zone, input),
})

/** `past`: those that are over, rather than those that are on or to come. */
export const maintenanceQuery = v.strictObject({ ...page, past: v.optional(word(['true', 'false']), 'false') })
