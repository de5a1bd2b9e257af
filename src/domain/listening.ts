import { type Duration, MINUTE, type Window } from './time.ts'

/** A span of time in which at least one node could take affirmations. */
export type Span = Window

/** Overlapping spans (of several nodes) become one; in order. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

/** How much of the window lies outside every span. `spans` as {@link mergeSpans} gives them; read from the end, for windows are recent. */
export function blindness(window: Window, spans: readonly Span[]): Duration {
  let covered = 0
  for (let i = spans.length - 1; i >= 0; i--) {
    const span = spans[i]
    if (span === undefined || span.to <= window.from) break
    covered += Math.max(0, Math.min(span.to, window.to) - Math.max(span.from, window.from))
  }
  return window.to - window.from - covered
}

/** Rule 7: clients retry and a restart must not blind a day, so a tenth of the window, two minutes at most, is forgiven. */
export const isCovered = (window: Window, blind: Duration): boolean =>
  blind <= Math.min((window.to - window.from) / 10, 2 * MINUTE)

/** The longest piece of the window outside every span, without what lies before the first of them: nobody was there yet. Null when there is none. */
export function blindGap(window: Window, spans: readonly Span[]): Window | null {
  const merged = mergeSpans(spans).filter(({ to }) => to > window.from)
  const gaps = merged.map((span, i) => ({
    from: Math.max(window.from, span.to),
    to: Math.min(window.to, merged[i + 1]?.from ?? span.to),
  }))
  const longest = gaps.reduce((most, gap) => (gap.to - gap.from > most.to - most.from ? gap : most), { from: 0, to: 0 })
  return longest.to > longest.from ? longest : null
}
