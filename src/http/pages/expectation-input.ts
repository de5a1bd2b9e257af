import { EXPECTATION_FIELDS, type ExpectationField } from '../../../views/models.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { Expectation, Terms } from '../../domain/expectation.ts'
import type { FieldError } from '../../domain/fault.ts'
import { PLAIN_RULES } from '../../domain/telling-rules.ts'
import type { ExpectationDraft } from '../../services/declare.ts'
import { type DraftSchema, readDraft } from '../api/expectations.ts'
import { consideredExpectation, newExpectation } from '../schema/expectation.ts'
import type { Services } from '../services.ts'
import { tagsOf } from './form.ts'

/** The fields of the form as they are typed. */
export type Values = Record<ExpectationField, string>

/** Digits become a number; anything else stays as it is, for the schema to refuse. */
const numberOf = (text: string): number | string => (/^-?\d{1,15}$/.test(text) ? Number(text) : text)

const EXAMPLE = '{"path": "$.status", "equals": "ok"}'
/** Of what comes before and where it breaks, so much is shown. */
const SHOWN = 20

/** So far a text is searched for its mistake; a filter is much shorter. */
const SEARCHED = 1_000

/** Could this be the beginning of JSON? The engine's complaint is of its end then. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    const [, place] = /position (\d+)/.exec(said) ?? []
    return /Unexpected end|Unterminated/.test(said) || Number(place) === text.length
  }
}

/** Where a text breaks that should be JSON: after the longest beginning of some JSON. The engine does not always say. */
function placeOf(text: string): number {
  let place = 0
  while (place < Math.min(text.length, SEARCHED) && isBeginning(text.slice(0, place + 1))) place += 1
  return place
}

function brokenJson(text: string): string {
  const place = placeOf(text)
  const before = text.slice(Math.max(0, place - SHOWN), place)
  const here =
    place >= text.length ? 'it ends too early' : `it breaks at character ${place + 1}, “${text.slice(place, place + 1)}”`
  return `is not JSON: ${here}${before === '' ? '' : ` after “${before}”`}. Write it like ${EXAMPLE}, with double quotes`
}

/** The filter as it was typed; what is no JSON is a mistake of its own, told with the place where it breaks. */
function readWhere(text: string): { value: unknown; wrong: FieldError[] } {
  try {
    return { value: JSON.parse(text), wrong: [] }
  } catch {
    return { value: null, wrong: [{ path: 'where', detail: brokenJson(text) }] }
  }
}

/** What was typed, as the API would be told; an empty field is left out, and so gets its default. */
function inputOf(values: Values, event: string, where: unknown): Record<string, unknown> {
  const given = (field: ExpectationField) => values[field].trim()
  const optional = (field: ExpectationField, read: (text: string) => unknown) =>
    given(field) === '' ? {} : { [field]: read(given(field)) }
  const same = (text: string) => text
  return {
    event,
    schedule: given('schedule'),
    ...optional('atLeast', numberOf),
    ...optional('atMost', numberOf),
    ...optional('count', same),
    ...optional('lookback', same),
    ...optional('grace', same),
    ...optional('timeZone', same),
    ...optional('env', same),
    ...optional('where', () => where),
    ignoreFailures: values.ignoreFailures !== '',
    tags: tagsOf(values.tags),
    ...optional('severity', same),
    ...optional('alertAfter', numberOf),
    ...optional('recoverAfter', numberOf),
    channels: tagsOf(values.channels).map(numberOf),
  }
}

function draftBy(schema: DraftSchema, values: Values, event: string, services: Services): ExpectationDraft {
  const text = values.where.trim()
  const { value, wrong } = text === '' ? { value: null, wrong: [] } : readWhere(text)
  return readDraft(inputOf(values, event, value), services, wrong, schema)
}

/** What the form asks for; a fault that tells every wrong field. */
export const draftOf = (values: Values, event: string, services: Services): ExpectationDraft =>
  draftBy(newExpectation, values, event, services)

/** The same where it is only looked at: what never fires can be read. */
export const consideredOf = (values: Values, event: string, services: Services): ExpectationDraft =>
  draftBy(consideredExpectation, values, event, services)

/** A form in which nothing is typed. */
export const blank = ({ env, timeZone }: Services['settings']): Values => ({
  schedule: '',
  atLeast: '1',
  atMost: '',
  count: 'affirmations',
  lookback: '',
  grace: '',
  timeZone,
  env,
  where: '',
  ignoreFailures: '',
  tags: '',
  ...rulesOf(PLAIN_RULES),
})

const timesOf = ({ expression, timeZone, atLeast, lookback, grace }: Terms) => ({
  schedule: expression,
  timeZone,
  atLeast: String(atLeast),
  lookback: lookback === null ? '' : formatDuration(lookback),
  grace: grace === 0 ? '' : formatDuration(grace),
})

const rulesOf = ({ severity, alertAfter, recoverAfter, channels }: Expectation['telling']) => ({
  severity,
  alertAfter: String(alertAfter),
  recoverAfter: String(recoverAfter),
  channels: channels.map(({ id }) => id).join(' '),
})

export const valuesOf = ({ terms, env, tags, telling }: Expectation): Values => ({
  ...timesOf(terms),
  atMost: terms.atMost === null ? '' : String(terms.atMost),
  count: terms.count,
  env,
  where: terms.where === null ? '' : JSON.stringify(terms.where),
  ignoreFailures: terms.ignoreFailures ? 'on' : '',
  tags: tags.join(' '),
  ...rulesOf(telling),
})

/** What is suggested takes the place of when and how many; the rest stays as it was typed. */
export const withSuggested = (values: Values, terms: Terms): Values => ({
  ...values,
  ...timesOf(terms),
  atMost: '',
  count: terms.count,
})

/** The values that could be read last, as the form carries them along; null when it carries none. */
export function lastRead(text: string): Values | null {
  try {
    const was: unknown = JSON.parse(text)
    const isWhole = typeof was === 'object' && was !== null && EXPECTATION_FIELDS.every((field) => field in was)
    if (!isWhole) return null
    return Object.fromEntries(
      EXPECTATION_FIELDS.map((field) => [field, String((was as Record<string, unknown>)[field])]),
    ) as Values
  } catch {
    return null
  }
}
