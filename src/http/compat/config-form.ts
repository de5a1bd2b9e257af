import { FIELDS, fieldTrouble } from '../../domain/cron-element.ts'
import { checkSchedule } from '../../domain/cron-fields.ts'
import { LONGEST, parseDuration } from '../../domain/duration.ts'
import { MOST_COUNT, type Terms } from '../../domain/expectation.ts'
import { type FieldError, invalid } from '../../domain/fault.ts'
import { CRON_FIELDS, FARTHEST, NO_MAXIMUM, type TermsRow, termsRow } from './config-row.ts'

/** The form that changes an expectation, but for its key: each field as it was typed. */
export const TERMS_FIELDS = ['min_allowed', 'max_allowed', 'lookback_string', ...CRON_FIELDS] as const
export type TermsForm = Record<(typeof TERMS_FIELDS)[number], string>

function lookbackTrouble(text: string): string | null {
  if (!/^[0-9]{1,6}(m|h|d)$/.test(text)) return 'must be digits followed by m, h, or d, like 20m'
  const lookback = parseDuration(text) ?? 0
  if (lookback === 0) return 'must be at least 1m'
  return lookback > LONGEST && text !== FARTHEST ? `must be at most 366d; ${FARTHEST} stands for just that` : null
}

const countTrouble = (text: string): string | null =>
  /^[0-9]{1,10}$/.test(text) && Number(text) <= MOST_COUNT
    ? null
    : `must be a whole number from 0 to ${MOST_COUNT.toLocaleString('en')}`

/** What is wrong with one field alone; what stays as it was is not looked at, or a form that was filled in by us could be refused. */
function troubleIn(name: keyof TermsForm, text: string, was: TermsRow): string | null {
  if (text === `${was[name]}`) return null
  if (name === 'lookback_string') return lookbackTrouble(text)
  if (name === 'min_allowed' || name === 'max_allowed') return countTrouble(text)
  const field = FIELDS[CRON_FIELDS.indexOf(name)]
  return field === undefined ? null : fieldTrouble(text.toUpperCase(), field)
}

/** What no single field can tell. */
function troublesBetween(atLeast: number, atMost: number | null, expression: string): FieldError[] {
  const schedule = checkSchedule(expression)
  return [
    ...(atMost !== null && atLeast > atMost
      ? [{ path: 'min_allowed', detail: 'is more than max_allowed, so it could never be met' }]
      : []),
    ...(schedule === null ? [] : [{ path: '', detail: schedule }]),
  ]
}

/** The terms that the form asks for; what it does not speak of stays as it was. Throws `invalid` that tells every wrong field. */
export function readTerms(form: TermsForm, old: Terms): Terms {
  const was = termsRow(old)
  const wrong = TERMS_FIELDS.flatMap((path) => {
    const detail = troubleIn(path, form[path], was)
    return detail === null ? [] : [{ path, detail }]
  })
  if (wrong.length > 0) throw invalid(wrong)
  const keeps = (names: readonly (keyof TermsForm)[]): boolean => names.every((name) => form[name] === `${was[name]}`)
  const lookback = form.lookback_string === FARTHEST ? LONGEST : parseDuration(form.lookback_string)
  const atLeast = Number(form.min_allowed)
  const atMost = Number(form.max_allowed) === NO_MAXIMUM ? null : Number(form.max_allowed)
  const expression = keeps(CRON_FIELDS) ? old.expression : CRON_FIELDS.map((name) => form[name]).join(' ')
  const between = troublesBetween(atLeast, atMost, expression)
  if (between.length > 0) throw invalid(between)
  return { ...old, atLeast, atMost, expression, lookback: keeps(['lookback_string']) ? old.lookback : lookback }
}
