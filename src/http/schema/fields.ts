import * as v from 'valibot'
import { INSTANT_RULE, readInstant } from '../../domain/affirmation.ts'
import { LONGEST, parseDuration } from '../../domain/duration.ts'
import { ENV_RULE, isEnv, isKey, isName, KEY_RULE, MOST_TAGS, NAME_RULE, TAG_RULE, TAG_SHAPE } from '../../domain/event.ts'

const text = v.string('must be a text')
/** What a database does not give back as it was given. */
const UNKEPT = /[\0\p{Cs}]/u

export const name = v.pipe(text, v.check(isName, NAME_RULE))
export const key = v.pipe(text, v.check(isKey, KEY_RULE))
export const env = v.pipe(text, v.check(isEnv, ENV_RULE))
export const nameOrKey = name

export const tags = v.pipe(
  v.array(v.pipe(text, v.regex(TAG_SHAPE, TAG_RULE)), 'must be a list of tags'),
  v.maxLength(MOST_TAGS, `at most ${MOST_TAGS} tags`),
  v.transform((list) => [...new Set(list)]),
)

export const description = v.pipe(
  text,
  v.maxLength(2_000, 'at most 2,000 characters'),
  v.check((value) => !UNKEPT.test(value), 'must not hold a NUL character, nor half of a surrogate pair'),
)

const DURATION_RULE = 'digits and d, h, m or s, the longest unit first, like 20m, 3d or 1h30m'

/** `"20m"` → milliseconds, from `least` to a year and a day. */
export const duration = (least: number, leastRule: string) =>
  v.pipe(
    v.string(`must be a duration: ${DURATION_RULE}`),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = parseDuration(dataset.value)
      const shown = JSON.stringify(dataset.value.slice(0, 40))
      if (value === null) addIssue({ message: `${shown} is not a duration; write ${DURATION_RULE}` })
      else if (value < least) addIssue({ message: `${shown} is too short: ${leastRule}` })
      else if (value > LONGEST) addIssue({ message: `${shown} is too long: at most 366d` })
      else return value
      return NEVER
    }),
  )

/** ISO-8601, epoch seconds or milliseconds → milliseconds. */
export const instant = v.pipe(
  v.union([v.string(), v.number()], INSTANT_RULE),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const at = readInstant(dataset.value)
    if (at !== null) return at
    addIssue({ message: `${JSON.stringify(dataset.value).slice(0, 60)} is not an instant; ${INSTANT_RULE}` })
    return NEVER
  }),
)

/** A whole number in `[least, most]`. */
export const count = (least: number, most: number) => {
  const rule = `must be a whole number from ${least} to ${most.toLocaleString('en')}`
  return v.pipe(v.number(rule), v.integer(rule), v.minValue(least, rule), v.maxValue(most, rule))
}

/** The same written as digits, as a query holds it. */
export const countText = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,10}$/, `must be a whole number from ${least} to ${most.toLocaleString('en')}`),
    v.transform(Number),
    count(least, most),
  )

export const bool = v.boolean('must be true or false')

/** Something to look for in a list. */
export const search = v.pipe(
  v.string(),
  v.maxLength(200, 'at most 200 characters'),
  v.check((value) => !/\p{Cc}/u.test(value), 'must not hold control characters'),
)

/** One of these words. */
export const word = <const T extends readonly string[]>(list: T) => v.picklist(list, `must be one of ${list.join(', ')}`)

export const page = {
  limit: v.optional(countText(1, 1_000), '100'),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(1_000, 'take nextCursor of the page before, as it is'))),
}
