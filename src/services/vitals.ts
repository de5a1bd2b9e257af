import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { Outcome } from '../domain/verdict.ts'
import type { Store } from '../store/store.ts'

/** What this node has done since it started. */
export type Vitals = {
  commits: number
  stored: number
  duplicates: number
  /** Rows that could not be stored, or of which it is not known. */
  failed: number
  verdicts: Record<Outcome, number>
  /** Pieces of judging, and seconds spent on them. */
  pieces: number
  judging: number
  /** Seconds that the event loop was held at most since this was asked last. */
  held(): number
}

function watched(): IntervalHistogram {
  const delays = monitorEventLoopDelay()
  delays.enable()
  return delays
}

/** Counts where whole batches pass, so that a single affirmation pays nothing for it. `elapsed`: milliseconds on a clock that never jumps. */
export function withVitals(store: Store, elapsed: () => number): { store: Store; vitals: Vitals } {
  // Watched from the first question on: where nobody asks it costs nothing.
  let delays: IntervalHistogram | null = null
  const vitals: Vitals = {
    commits: 0,
    stored: 0,
    duplicates: 0,
    failed: 0,
    verdicts: { met: 0, missed: 0, unknown: 0 },
    pieces: 0,
    judging: 0,
    held: () => {
      delays ??= watched()
      const held = delays.max / 1e9
      delays.reset()
      return held
    },
  }
  const append: Store['append'] = async (rows) => {
    try {
      const answers = await store.append(rows)
      vitals.commits += 1
      for (const answer of answers) {
        if (answer === 'stored') vitals.stored += 1
        else if (answer === 'duplicate') vitals.duplicates += 1
      }
      return answers
    } catch (error) {
      vitals.failed += rows.length
      throw error
    }
  }
  const concludeOwed: Store['concludeOwed'] = async (...asked) => {
    const start = elapsed()
    const done = await store.concludeOwed(...asked)
    for (const { verdict } of done.verdicts) vitals.verdicts[verdict] += 1
    if (done.claimed > 0) vitals.pieces += 1
    vitals.judging += (elapsed() - start) / 1_000
    return done
  }
  return { store: { ...store, append, concludeOwed }, vitals }
}
