import { plainly } from '../../domain/cron.ts'
import { formatDuration, LONGEST } from '../../domain/duration.ts'
import type { Expectation, Terms } from '../../domain/expectation.ts'
import { DAY, type Duration, HOUR, MINUTE } from '../../domain/time.ts'
import { originalKey } from './original-key.ts'

/** How the original says that there is no maximum. */
export const NO_MAXIMUM = 9_999_999
/** How it says that a lookback goes as far back as there is: here, {@link LONGEST}. */
export const FARTHEST = '1000d'

/** The five fields of a schedule, in the order in which they are written. */
export const CRON_FIELDS = ['cron_minutes', 'cron_hours', 'cron_days_of_month', 'cron_months', 'cron_days_of_week'] as const
type CronField = (typeof CRON_FIELDS)[number]

/** What can be said of an expectation in the original's words. */
export type TermsRow = { min_allowed: number; max_allowed: number; lookback_string: string } & Record<CronField, string>
export type ConfigRow = { name: string; key: string } & TermsRow

const UNITS: readonly [string, Duration][] = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
]

/** Digits and one unit where that says it; empty where the window begins at the due before, which the original does not know. */
function lookbackString(lookback: Duration | null): string {
  if (lookback === null) return ''
  if (lookback === LONGEST) return FARTHEST
  const [unit, length] = UNITS.find(([, length]) => lookback % length === 0) ?? ['', 0]
  return length === 0 ? formatDuration(lookback) : `${lookback / length}${unit}`
}

function cronFields(expression: string): Record<CronField, string> {
  const fields = plainly(expression).split(' ')
  return Object.fromEntries(CRON_FIELDS.map((name, i) => [name, fields[i] ?? ''])) as Record<CronField, string>
}

/** Terms as the original writes them. */
export const termsRow = ({ atLeast, atMost, lookback, expression }: Terms): TermsRow => ({
  min_allowed: atLeast,
  max_allowed: atMost ?? NO_MAXIMUM,
  lookback_string: lookbackString(lookback),
  ...cronFields(expression),
})

export const configRow = (expectation: Expectation): ConfigRow => ({
  name: expectation.event,
  key: originalKey(expectation),
  ...termsRow(expectation.terms),
})
