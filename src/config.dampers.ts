import type { Ask } from './config.ts'
import { positive } from './config.values.ts'
import { DAMPER_LIMITS, type DamperLimits } from './domain/damper.ts'
import { DAY, type Duration } from './domain/time.ts'

const MOST = 10_000

const number = (text: string): number | undefined =>
  /^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST ? Number(text) : undefined

function duration(text: string): Duration | undefined {
  const said = positive(text)
  return said === undefined || said > DAY ? undefined : said
}

/** When one message takes the place of many, as the operator says it. */
export function readDampers(ask: Ask): DamperLimits {
  const { flapping, flood } = DAMPER_LIMITS
  const many = (name: string, usual: number) =>
    ask(`AFFIRMATIVE_${name}`, usual, number, `write a whole number from 1 to ${MOST.toLocaleString('en')}`)
  const long = (name: string, usual: Duration) =>
    ask(`AFFIRMATIVE_${name}`, usual, duration, 'write a duration from 1s to 1d, like 90s or 20m')
  return {
    flapping: {
      changes: many('FLAPPING_CHANGES', flapping.changes),
      within: long('FLAPPING_WITHIN', flapping.within),
      steady: long('FLAPPING_STEADY', flapping.steady),
    },
    flood: {
      ofSource: many('FLOOD_OF_SOURCE', flood.ofSource),
      sourceWithin: long('FLOOD_SOURCE_WITHIN', flood.sourceWithin),
      ofAll: many('FLOOD_OF_ALL', flood.ofAll),
      allWithin: long('FLOOD_ALL_WITHIN', flood.allWithin),
      quiet: long('FLOOD_QUIET', flood.quiet),
    },
  }
}
