import { DAY, type Duration, HOUR, MINUTE, SECOND } from './time.ts'

const UNITS = { d: DAY, h: HOUR, m: MINUTE, s: SECOND } as const
const SHAPE = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/

/** The longest lookback or grace: a year and a day, so that a yearly job fits. */
export const LONGEST: Duration = 366 * DAY

/** `"20m"`, `"3d"`, `"1h30m"` → milliseconds; null when it is not written so. Units go from long to short: d, h, m, s. */
export function parseDuration(text: string): Duration | null {
  const parts = SHAPE.exec(text)
  if (text === '' || parts === null) return null
  const [, d, h, m, s] = parts
  return Number(d ?? 0) * UNITS.d + Number(h ?? 0) * UNITS.h + Number(m ?? 0) * UNITS.m + Number(s ?? 0) * UNITS.s
}

/** Milliseconds → the shortest text that {@link parseDuration} reads back: `1h30m`, `3d`, `0s`. */
export function formatDuration(duration: Duration): string {
  let rest = Math.floor(duration / SECOND) * SECOND
  let text = ''
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const n = Math.floor(rest / UNITS[unit])
    rest -= n * UNITS[unit]
    if (n > 0) text += `${n}${unit}`
  }
  return text === '' ? '0s' : text
}

const WORDS = { d: 'day', h: 'hour', m: 'minute', s: 'second' } as const

/** For sentences: `20 minutes`, `1 hour 30 minutes`, `1 minute`. */
export const durationInWords = (duration: Duration): string =>
  formatDuration(duration).replace(
    /(\d+)([dhms])(?=(\d)?)/g,
    (_, n: string, unit: keyof typeof WORDS, more?: string) =>
      `${n} ${WORDS[unit]}${n === '1' ? '' : 's'}${more === undefined ? '' : ' '}`,
  )
