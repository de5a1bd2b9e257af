import * as v from 'valibot'
import { LONGEST_CHANNEL_NAME, SEVERITIES } from '../../domain/channel.ts'
import { checkSchedule, checkWriting } from '../../domain/cron-fields.ts'
import { COUNTS, MOST_COUNT, STATES, type Terms } from '../../domain/expectation.ts'
import { MOST_IN_A_ROW, MOST_NAMED_CHANNELS, PLAIN_RULES, type TellingRules } from '../../domain/telling-rules.ts'
import { VERDICTS } from '../../domain/verdict.ts'
import { readPath, type Where } from '../../domain/where.ts'
import { checkTimeZone } from '../../domain/zone.ts'
import type { ChannelRef } from '../../services/channel-refs.ts'
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

const CHANNEL_RULE = 'must be the name of a channel, or its number'
const channel = v.union(
  [v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_CHANNEL_NAME)), v.pipe(v.number(), v.safeInteger())],
  CHANNEL_RULE,
)

const telling = {
  alertAfter: v.optional(count(1, MOST_IN_A_ROW), PLAIN_RULES.alertAfter),
  recoverAfter: v.optional(count(1, MOST_IN_A_ROW), PLAIN_RULES.recoverAfter),
  severity: v.optional(word(SEVERITIES), PLAIN_RULES.severity),
  channels: v.optional(
    v.pipe(v.array(channel, 'must be a list of channels'), v.maxLength(MOST_NAMED_CHANNELS, `at most ${MOST_NAMED_CHANNELS}`)),
    [],
  ),
}

const declared = {
  ...terms,
  ...telling,
  event: nameOrKey,
  env: v.optional(env),
  paused: v.optional(bool, false),
  tags: v.optional(tags, []),
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

type Declared = v.InferOutput<typeof newExpectation>

/** How people are told, of what was read. */
export const rulesIn = ({
  alertAfter,
  recoverAfter,
  severity,
  channels,
}: Pick<Declared, 'alertAfter' | 'recoverAfter' | 'severity' | 'channels'>): TellingRules<ChannelRef> => ({
  alertAfter,
  recoverAfter,
  severity,
  channels,
})

/** The terms of what was read; `zone` is the server's, for those that name none. */
export function termsOf(input: Pick<Declared, keyof typeof terms>, zone: string): Terms {
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
