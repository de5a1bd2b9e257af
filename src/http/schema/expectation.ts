import * as v from 'valibot'
import { checkSchedule, checkWriting } from '../../domain/cron-fields.ts'
import { COUNTS, MOST_COUNT, STATES, type Terms } from '../../domain/expectation.ts'
import { VERDICTS } from '../../domain/verdict.ts'
import { readPath, type Where } from '../../domain/where.ts'
import { checkTimeZone } from '../../domain/zone.ts'
import { bool, count, duration, env, instant, nameOrKey, page, search, tags, word } from './fields.ts'

const scheduleBy = (check: (expression: string) => string | null) =>
  v.pipe(
    v.string('must be a text of five fields, like "0 7 * * 1-5"'),
    v.rawCheck(({ dataset, addIssue }) => {
      const trouble = dataset.typed ? check(dataset.value) : null
      if (trouble !== null) addIssue({ message: trouble })
    }),
  )

export const schedule = scheduleBy(checkSchedule)

export const timeZone = v.pipe(
  v.string('must be the name of an IANA zone, like Europe/Berlin'),
  v.rawCheck(({ dataset, addIssue }) => {
    const trouble = dataset.typed ? checkTimeZone(dataset.value) : null
    if (trouble !== null) addIssue({ message: trouble })
  }),
)

const pattern = v.pipe(
  v.string('must be a text'),
  v.minLength(1, 'must not be empty'),
  v.maxLength(200, 'at most 200 characters'),
)
const path = v.pipe(
  pattern,
  v.check((text) => readPath(text) !== null, 'must be a path like $, $.status, $.rows[0] or $["odd name"]'),
)
const number = v.pipe(v.number('must be a number'), v.finite('must be a number'))
const scalar = v.union(
  [v.pipe(v.string(), v.maxLength(1_000)), v.pipe(v.number(), v.finite('must be a number below 1.8e308')), v.boolean(), v.null()],
  'must be a text of at most 1,000 characters, a number, true, false or null',
)

const FORM = 'write {"path": "$.status", "equals": "ok"}, {"path": "$.rows", "atLeast": 1} or {"source": "web-*"}'
const isAsked = ({ equals, atLeast, atMost }: Where): boolean =>
  equals !== undefined || atLeast !== undefined || atMost !== undefined

const where = v.pipe(
  v.strictObject(
    {
      source: v.optional(pattern),
      path: v.optional(path),
      equals: v.optional(scalar),
      atLeast: v.optional(number),
      atMost: v.optional(number),
    },
    `must be an object: ${FORM}`,
  ),
  v.check((w) => w.source !== undefined || w.path !== undefined, `asks for nothing: ${FORM}`),
  v.check(
    (w) => (w.path === undefined) !== isAsked(w as Where),
    'path goes with one of equals, atLeast and atMost, and they with path',
  ),
  v.check((w) => w.atLeast === undefined || w.atMost === undefined || w.atLeast <= w.atMost, 'atLeast is more than atMost'),
  // Absent members stay absent: two ways to say the same would look like an edit.
  v.transform((w): Where => JSON.parse(JSON.stringify(w)) as Where),
)

const lookback = duration(1, 'at least 1s, or null to count since the due before')
const grace = duration(0, '')

const terms = {
  schedule,
  timeZone: v.optional(timeZone),
  atLeast: v.optional(count(0, MOST_COUNT)),
  atMost: v.optional(v.nullable(count(0, MOST_COUNT)), null),
  count: v.optional(word(COUNTS), 'affirmations'),
  lookback: v.optional(v.nullable(lookback), null),
  grace: v.optional(grace, '0s'),
  where: v.optional(v.nullable(where), null),
  ignoreFailures: v.optional(bool, false),
}

const noChannels = v.pipe(v.array(v.unknown(), 'must be a list'), v.maxLength(0, 'there are no channels yet'))

const declared = {
  ...terms,
  event: nameOrKey,
  env: v.optional(env),
  paused: v.optional(bool, false),
  tags: v.optional(tags, []),
  channels: v.optional(noChannels),
}

/** Both limits absent asks for one; a maximum of nothing asks for none. */
export const leastOf = ({ atLeast, atMost }: { atLeast?: number | undefined; atMost: number | null }): number =>
  atLeast ?? Math.min(1, atMost ?? 1)

const isInOrder = (limits: { atLeast?: number | undefined; atMost: number | null }): boolean =>
  limits.atMost === null || leastOf(limits) <= limits.atMost
const ORDER = 'is more than atMost, so it could never be met'

export const newExpectation = v.pipe(
  v.strictObject(declared),
  v.forward(v.partialCheck([['atLeast'], ['atMost']], isInOrder, ORDER), ['atLeast']),
)

/** One that is only looked at: that it never fires is a warning there, not a mistake. */
export const consideredExpectation = v.pipe(
  v.strictObject({ ...declared, schedule: scheduleBy(checkWriting) }),
  v.forward(v.partialCheck([['atLeast'], ['atMost']], isInOrder, ORDER), ['atLeast']),
)

export const previewed = v.pipe(
  v.strictObject({
    ...declared,
    schedule: scheduleBy(checkWriting),
    event: v.optional(nameOrKey),
    from: v.optional(instant),
    occurrences: v.optional(count(1, 50), 5),
  }),
  v.forward(v.partialCheck([['atLeast'], ['atMost']], isInOrder, ORDER), ['atLeast']),
)

/** The terms of what was read; `zone` is the server's, for those that name none. */
export function termsOf(input: Omit<v.InferOutput<typeof newExpectation>, 'event'>, zone: string): Terms {
  const { schedule: expression, timeZone = zone, atMost, count: counting, lookback, grace, where, ignoreFailures } = input
  return { expression, timeZone, atLeast: leastOf(input), atMost, count: counting, lookback, grace, where, ignoreFailures }
}

export const expectationsQuery = v.strictObject({
  ...page,
  event: v.optional(nameOrKey),
  env: v.optional(env),
  state: v.optional(word(STATES)),
  tag: v.optional(search),
})

export const verdictsQuery = v.strictObject({
  ...page,
  env: v.optional(env),
  verdict: v.optional(word(VERDICTS)),
  from: v.optional(instant),
  to: v.optional(instant),
})
