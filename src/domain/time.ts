/** An instant: UTC milliseconds since 1970. */
export type Millis = number

/** A length of time in milliseconds. */
export type Duration = number

/** The half-open span `[from, to)` of affirmation times that one verdict counts. */
export type Window = { from: Millis; to: Millis }

export const SECOND: Duration = 1_000
export const MINUTE: Duration = 60 * SECOND
export const HOUR: Duration = 60 * MINUTE
export const DAY: Duration = 24 * HOUR

/** ISO-8601 in UTC with milliseconds. */
export const iso = (at: Millis): string => new Date(at).toISOString()

/** The start of the minute that holds `at`. */
export const minuteOf = (at: Millis): Millis => Math.floor(at / MINUTE) * MINUTE
