/** `[1, 2, 3]` → `1-3`, `[0, 2]` → `0,2`. */
export function rangesOf(values: readonly number[]): string {
  const runs: [number, number][] = []
  for (const value of values) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === value - 1) run[1] = value
    else runs.push([value, value])
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : b === a + 1 ? `${a},${b}` : `${a}-${b}`)).join()
}

/** One field of a cron expression for sorted `values` out of `[0, size)`, as a person would write it. */
export function fieldOf(values: readonly number[], size: number): string {
  if (values.length === size) return '*'
  const [first = 0, second = 0] = values
  const step = second - first
  const isStep = step > 1 && (values.length > 2 || 2 * step === size) && values.length === Math.ceil((size - first) / step)
  if (isStep && values.every((value, i) => value === first + i * step))
    return first === 0 ? `*/${step}` : `${first}-${size - 1}/${step}`
  return rangesOf(values)
}

/** A minute field and an hour field for times of day in minutes, and all the times that they name: a few more, where some were missing. */
export type TimeFields = { fields: string; times: readonly number[] }

const LEAST_NAMED = 0.8

/** Null where the fields would name far more than these. */
export function timesOf(times: readonly number[]): TimeFields | null {
  const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b)
  const minutes = sorted(times.map((time) => time % 60))
  const hours = sorted(times.map((time) => Math.floor(time / 60)))
  if (times.length === 0 || times.length < LEAST_NAMED * minutes.length * hours.length) return null
  return {
    fields: `${fieldOf(minutes, 60)} ${fieldOf(hours, 24)}`,
    times: hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)),
  }
}
