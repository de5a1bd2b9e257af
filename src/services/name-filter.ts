import { runInNewContext } from 'node:vm'
import { type Duration, MINUTE, SECOND } from '../domain/time.ts'

/** Which names a search finds; `error` says why it could not be read, and then it finds all. */
export type NameFilter = { matches: (name: string) => boolean; error: string | null }
export type NameFilters = { of(q: string, names: Iterable<string>): NameFilter }

/** One pattern may take so long on all names at once, and all patterns of everybody together so long within a second. */
const MOST_MILLIS: Duration = 50
const MOST_IN_A_SECOND: Duration = 100
/** A pattern that was too slow is not tried again for so long; pages that show it ask every few seconds. */
const REMEMBERED_FOR: Duration = MINUTE
const MOST_REMEMBERED = 1_000

const all = (): boolean => true
const failed = (error: string): NameFilter => ({ matches: all, error })
const tooSlow = (q: string): NameFilter => failed(`${q} takes too long to try; write a simpler pattern.`)

/**
 * A text is looked for anywhere in any case; `/…/` is a regular expression. It is tried in a context that is cut off, and only while there is
 * time left for patterns: one that backtracks for ever, sent by mistake or on purpose and however often, must not stop the evaluator.
 * `elapsed`: milliseconds on a clock that never jumps.
 */
export function aNameFilters(elapsed: () => Duration): NameFilters {
  const budget = aBudget(elapsed)
  const slow = new Map<string, Duration>()

  const remember = (q: string): void => {
    if (slow.size >= MOST_REMEMBERED) slow.clear()
    slow.set(q, elapsed() + REMEMBERED_FOR)
  }

  const byPattern = (q: string, names: Iterable<string>): NameFilter => {
    if ((slow.get(q) ?? Number.NEGATIVE_INFINITY) > elapsed()) return tooSlow(q)
    if (budget.left() < MOST_MILLIS)
      return failed(`Too many patterns are tried at this moment, so ${q} was not; try again in a second.`)
    try {
      return budget.spend(() => tried(q.slice(1, -1), [...new Set(names)]))
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        return failed(`${q} is not a regular expression: ${isErrorLike(error) ? error.message : 'it cannot be read'}`)
      remember(q)
      return tooSlow(q)
    }
  }

  return {
    of: (q, names) => {
      if (q === '') return { matches: all, error: null }
      if (q.length > 1 && q.startsWith('/') && q.endsWith('/')) return byPattern(q, names)
      const wanted = q.toLowerCase()
      return { matches: (name) => name.toLowerCase().includes(wanted), error: null }
    },
  }
}

/** What was spent within the last second. */
function aBudget(elapsed: () => Duration) {
  let spent: { at: Duration; took: Duration }[] = []
  return {
    left: (): Duration => {
      spent = spent.filter(({ at }) => elapsed() - at < SECOND)
      return MOST_IN_A_SECOND - spent.reduce((sum, { took }) => sum + took, 0)
    },
    spend: <T>(work: () => T): T => {
      const start = elapsed()
      try {
        return work()
      } finally {
        spent.push({ at: elapsed(), took: elapsed() - start })
      }
    },
  }
}

function tried(source: string, list: string[]): NameFilter {
  const script = '{ const pattern = new RegExp(source, "i"); list.map((name) => pattern.test(name)) }'
  const found = runInNewContext(script, { source, list }, { timeout: MOST_MILLIS }) as boolean[]
  const matching = new Set(list.filter((_, i) => found[i]))
  return { matches: (name) => matching.has(name), error: null }
}

/** Errors of the other context are no instances of our Error. */
const isErrorLike = (error: unknown): error is { message: string } =>
  typeof (error as { message?: unknown } | null)?.message === 'string'
