import type { BacktestRow, BacktestView, SuggestionView } from '../../../views/models.backtest.ts'
import { EXPECTATION_FIELDS, type ExpectationField, type PreviewView } from '../../../views/models.ts'
import { type Event, isEnv } from '../../domain/event.ts'
import { describe, type Terms } from '../../domain/expectation.ts'
import { Fault, type FieldError } from '../../domain/fault.ts'
import type { ExpectationDraft } from '../../services/declare.ts'
import type { Services } from '../services.ts'
import { consideredOf, lastRead, type Values, withSuggested } from './expectation-input.ts'
import { attempt } from './form.ts'

const SHOWN_DUES = 5

/** What the fields mean: as typed, or with the last values that could be read in place of those that are wrong. */
export type Read =
  | { kind: 'blank' }
  | { kind: 'unclear'; errors: readonly FieldError[] }
  | { kind: 'clear'; draft: ExpectationDraft; values: Values; errors: readonly FieldError[] }

const fieldsOf = (errors: readonly FieldError[]): ExpectationField[] => [...new Set(errors.map(fieldOf))]

const fieldOf = ({ path }: FieldError): ExpectationField =>
  EXPECTATION_FIELDS.find((field) => path === field || path.startsWith(`${field}.`)) ?? 'schedule'

/** Reads the form; `was` is what it carried along. */
export async function readTyped(values: Values, was: string, event: string, services: Services): Promise<Read> {
  if (values.schedule.trim() === '') return { kind: 'blank' }
  const tried = await attempt(async () => consideredOf(values, event, services))
  if ('result' in tried) return { kind: 'clear', draft: tried.result, values, errors: [] }
  const last = lastRead(was)
  if (last === null) return { kind: 'unclear', errors: tried.errors }
  const mended = { ...values, ...Object.fromEntries(fieldsOf(tried.errors).map((field) => [field, last[field]])) }
  const again = await attempt(async () => consideredOf(mended, event, services))
  if ('errors' in again) return { kind: 'unclear', errors: tried.errors }
  return { kind: 'clear', draft: again.result, values: mended, errors: tried.errors }
}

/** The sentence, the warnings and the next dues. */
export function previewOf(read: Read, { declaring, clock }: Services): PreviewView {
  if (read.kind === 'blank') return { kind: 'blank' }
  if (read.kind === 'unclear') return { kind: 'unclear', fields: fieldsOf(read.errors) }
  const { draft, values, errors } = read
  const { description: sentence, warnings: found, next } = declaring.preview(draft.terms, clock.now(), SHOWN_DUES)
  const warnings = found.map((warning) => ({ ...warning, isHint: warning.kind === 'lookback-shorter' }))
  const was = fieldsOf(errors).map((field) => ({ field, value: values[field] }))
  return { kind: 'clear', sentence, warnings, next, timeZone: draft.terms.timeZone, was, values }
}

/** What was asked, or null where too many ask: the page comes all the same. */
async function unlessBusy<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Fault && error.code === 'over-capacity') return null
    throw error
  }
}

const isSame = (a: Terms, b: Terms): boolean =>
  a.expression === b.expression && a.atLeast === b.atLeast && a.lookback === b.lookback && a.grace === b.grace

/** What was seen, where that is rather sure; else what a warning proposes in place of the schedule. */
async function proposed(event: Event, { env, terms }: ExpectationDraft, services: Services): Promise<Terms | null> {
  const { declaring, suggesting, clock } = services
  const found = await unlessBusy(suggesting.suggest(event, env, clock.now()))
  if (found !== null && found.terms !== null && found.confidence !== 'low') return isSame(found.terms, terms) ? null : found.terms
  const { warnings } = declaring.preview(terms, clock.now(), 1)
  const expression = warnings.find(({ suggestion }) => suggestion !== undefined)?.suggestion
  return expression === undefined ? null : { ...terms, expression }
}

/** How the terms would have done: as typed over as suggested. */
export async function backtestOf(read: Read, event: Event, services: Services): Promise<BacktestView> {
  if (read.kind !== 'clear') return { kind: 'none' }
  const { backtesting, clock } = services
  const { env, terms } = read.draft
  const row = async (title: string, of: Terms): Promise<BacktestRow> => ({
    ...(await backtesting.backtest(event, env, of, clock.now())),
    title,
    schedule: of.expression,
    sentence: describe(of),
    timeZone: of.timeZone,
  })
  const typed = await unlessBusy(row('As typed', terms))
  if (typed === null) return { kind: 'busy' }
  const other = await proposed(event, read.draft, services)
  const suggested = other === null ? null : await unlessBusy(row('As suggested', other))
  return { kind: 'counted', rows: suggested === null ? [typed] : [typed, suggested] }
}

/** The form with what was seen put into its fields, and why; as it was where nothing can be suggested. */
export async function suggestInto(
  values: Values,
  event: Event,
  { suggesting, settings, clock }: Services,
): Promise<{ values: Values; suggested: SuggestionView }> {
  const env = values.env.trim()
  const found = await unlessBusy(suggesting.suggest(event, isEnv(env) ? env : settings.env, clock.now()))
  if (found === null)
    return { values, suggested: { isFilled: false, confidence: 'low', why: 'Too many ask at once. Try again in a moment.' } }
  const { terms, confidence, why } = found
  const suggested = { isFilled: terms !== null, confidence, why }
  return { values: terms === null ? values : withSuggested(values, terms), suggested }
}
