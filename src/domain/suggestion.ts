import { timesOf } from './cron-write.ts'
import { durationInWords } from './duration.ts'
import type { Terms } from './expectation.ts'
import { localHourAfter } from './habit-hour.ts'
import { findRhythm, type Rhythm, type Sightings } from './rhythm.ts'
import { scheduleInWords } from './schedule-words.ts'
import { DAY, type Duration, HOUR, MINUTE } from './time.ts'

export const CONFIDENCES = ['low', 'fair', 'high'] as const
export type Confidence = (typeof CONFIDENCES)[number]

/** Terms that may be meant, from the tightest on; `surest` is the most that may be said of them, `why` says what they come from. */
export type Idea = { candidates: readonly Terms[]; surest: Confidence; why: string }

const ROUND = [1, 2, 5, 10, 15, 20, 30, 45].map((n) => n * MINUTE)
const ROUND_HOURS = [1, 2, 3, 4, 6, 8, 12, 18, 24].map((n) => n * HOUR)
const roundUp = (span: Duration): Duration =>
  [...ROUND, ...ROUND_HOURS].find((round) => round >= span) ?? Math.ceil(span / DAY) * DAY

type Asked = Pick<Terms, 'expression' | 'timeZone' | 'atLeast' | 'lookback' | 'grace'>
const termsOf = (asked: Asked): Terms => ({ ...asked, atMost: null, count: 'affirmations', where: null, ignoreFailures: false })

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]
/** How many to ask for: all that nearly always came, some fewer, one. */
const counts = (most: number): number[] => unique([most, Math.max(1, Math.floor(most * 0.8)), 1])

/** What comes all the time is missed soon: the window is about as long as the time between. */
function steady({
  expression,
  timeZone,
  interval,
  atOnce,
}: Pick<Rhythm, 'expression' | 'timeZone' | 'interval' | 'atOnce'>): Terms[] {
  return [1, 1.5, 2, 3].flatMap((times) =>
    counts(atOnce).map((atLeast) =>
      termsOf({ expression, timeZone, atLeast, lookback: Math.ceil((times * interval) / MINUTE) * MINUTE, grace: 0 }),
    ),
  )
}

/** From here on it is not late: it has until some hour. */
const LATEST = 2 * HOUR

/** What comes at any time of hours is looked at when they are over; null where that is another day. */
function byTheEnd({ times, days, timeZone, early, late, atOnce }: Rhythm): Terms[] | null {
  const hours = Math.ceil(late / HOUR)
  const later = times.map((time) => time + hours * 60)
  const named = later.some((time) => time >= DAY / MINUTE) ? null : timesOf(later)
  if (late < LATEST || named === null) return null
  const lookback = roundUp(hours * HOUR + early)
  return counts(atOnce).map((atLeast) =>
    termsOf({ expression: `${named.fields} ${days}`, timeZone, atLeast, lookback, grace: 0 }),
  )
}

/** What has its time may come a little late: that is its grace. */
function timely({ expression, timeZone, early, late, interval, atOnce }: Rhythm): Terms[] {
  const lookback = roundUp(Math.max(5 * MINUTE, early * 1.25))
  return [1.25, 2, 4].flatMap((slack) =>
    counts(atOnce).flatMap((atLeast) => {
      const grace = roundUp(Math.max(MINUTE, late * slack))
      return grace < interval ? [termsOf({ expression, timeZone, atLeast, lookback, grace })] : []
    }),
  )
}

const zoned = (zone: string): string => (zone === 'UTC' ? '' : ` (${zone})`)
const inMinutes = (span: Duration): string => durationInWords(Math.max(MINUTE, Math.ceil(span / MINUTE) * MINUTE))

function rhythmInWords({ expression, timeZone, early, late, seen, asked, atOnce, strays }: Rhythm): string {
  const times = `Seen ${scheduleInWords(expression)}${zoned(timeZone)}, ${seen} of ${asked} times`
  const often = atOnce > 1 ? `, at least ${atOnce} each time` : ''
  const ahead = early >= MINUTE ? ` and ${inMinutes(early)} early` : ''
  return `${times}${often}, ${strays === 0 ? 'never' : 'seldom'} more than ${inMinutes(late)} late${ahead}.`
}

const isSteady = ({ interval }: Rhythm): boolean => interval <= HOUR / 2

const ideaOf = (rhythm: Rhythm): Idea => ({
  candidates: isSteady(rhythm) ? steady(rhythm) : (byTheEnd(rhythm) ?? timely(rhythm)),
  surest: 'high',
  why: rhythmInWords(rhythm),
})

const STEPS = [1, 2, 3, 5, 10, 15, 20, 30].map((n) => n * MINUTE)
const SPANS = [
  ...[5, 10, 15, 20, 30].map((n) => n * MINUTE),
  ...ROUND_HOURS,
  ...[2, 3, 4, 5, 6, 7, 10, 14, 21, 30].map((n) => n * DAY),
]

function gapsOf({ instants, to }: Sightings): Duration[] {
  const ends = [...instants.slice(1), to]
  return instants.map((at, i) => (ends[i] ?? to) - at)
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0

/** Something that goes round without regard for the clock: a loop that sleeps, a probe. */
function drifting(seen: Sightings, zone: string): Idea | null {
  const { instants, from, to } = seen
  const gap = quantile(gapsOf(seen).slice(0, -1), 0.5)
  const step = STEPS.find((one) => one >= gap * 0.9)
  if (step === undefined) return null
  const filled = new Set(instants.map((at) => Math.floor(at / step))).size
  if (filled < 0.8 * ((to - from) / step) || filled < 10) return null
  const expression = step === MINUTE ? '* * * * *' : `*/${step / MINUTE} * * * *`
  const atOnce = Math.max(1, Math.floor(step / gap))
  return {
    candidates: steady({ expression, timeZone: zone, interval: step, atOnce }),
    surest: 'high',
    why: `Seen about every ${gap < 100_000 ? `${Math.round(gap / 1_000)} seconds` : durationInWords(Math.round(gap / MINUTE) * MINUTE)}, around the clock.`,
  }
}

/** How often it is looked at, for spans of that length. */
function lookingEach(span: Duration, hour: number): string {
  if (span <= HOUR) return '*/5 * * * *'
  return span < DAY ? '0 * * * *' : `0 ${hour} * * *`
}

/** "At least 1 in so long": what can be said when no schedule fits. Needs two such spans. */
function atLeastOnceIn(seen: Sightings, zone: string): Idea | null {
  const hour = localHourAfter(seen.instants, zone)
  const candidates = SPANS.filter((span) => 2 * span <= seen.to - seen.from).map((lookback) =>
    termsOf({ expression: lookingEach(lookback, hour), timeZone: zone, atLeast: 1, lookback, grace: 0 }),
  )
  if (candidates.length === 0) return null
  const gaps = gapsOf(seen)
    .slice(0, -1)
    .filter((gap) => gap > HOUR)
  const [short, long] = [quantile(gaps, 0.1), quantile(gaps, 0.9)]
  if (gaps.length >= 3 && short >= 1.5 * DAY && long <= 2 * short)
    return { candidates, surest: 'fair', why: `Seen about every ${Math.round(quantile(gaps, 0.5) / DAY)} days.` }
  const [least, most] = [Math.min(...gapsOf(seen)), Math.max(...gapsOf(seen))].map(inMinutes)
  return { candidates, surest: 'low', why: `No schedule fits: the time between is from ${least} to ${most}.` }
}

const FEWEST = 3

/** What may be meant by what was seen, the most telling first; or why nothing can be said yet. `zones`: the server's first. Stops now and then. */
export function* ideas(seen: Sightings, zones: readonly [string, ...string[]]): Generator<void, Idea[] | string> {
  const n = seen.instants.length
  if (n < FEWEST)
    return `Seen ${n === 0 ? 'never' : n === 1 ? 'once' : 'twice'} so far. It takes three times, over two periods, to suggest something.`
  const rhythm = yield* findRhythm(seen, zones)
  const all = [
    rhythm === null ? null : ideaOf(rhythm),
    rhythm === null ? drifting(seen, zones[0]) : null,
    atLeastOnceIn(seen, zones[0]),
  ]
  const found = all.filter((idea) => idea !== null)
  if (found.length > 0) return found
  return `Seen ${n} times within ${inMinutes(seen.to - seen.from)}. It takes at least two periods of whatever it keeps to; ask again later.`
}

/** Met this often, terms are good; a tighter one that is met nearly as often as any is as good. */
const GOOD = 0.95
const NEARLY = 0.01
const FITS = 0.7

type Tried = { terms: Terms; met: number; missed: number }
const shareOf = ({ met, missed }: Tried): number => (met + missed === 0 ? 0 : met / (met + missed))

/** The tightest of them (they come in that order) that is met at least 95 % of the time, or as often as any; null when none fits. */
export function tightest(tried: readonly Tried[]): Tried | null {
  const best = Math.max(...tried.map(shareOf))
  return best < FITS ? null : (tried.find((one) => shareOf(one) >= Math.min(GOOD, best - NEARLY)) ?? null)
}

/** How sure one can be of terms that were met so often. */
export function confidenceIn(tried: Tried, surest: Confidence): Confidence {
  const dues = tried.met + tried.missed
  const found: Confidence = shareOf(tried) >= GOOD && dues >= 10 ? 'high' : shareOf(tried) >= 0.9 && dues >= 4 ? 'fair' : 'low'
  return CONFIDENCES[Math.min(CONFIDENCES.indexOf(found), CONFIDENCES.indexOf(surest))] ?? 'low'
}
