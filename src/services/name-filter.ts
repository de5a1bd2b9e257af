import { runInNewContext } from 'node:vm'

/** Which names a search finds; `error` says why it could not be read, and then it finds all. */
export type NameFilter = { matches: (name: string) => boolean; error: string | null }

const MOST_MILLIS = 100
const all = (): boolean => true

const failed = (error: string): NameFilter => ({ matches: all, error })

/**
 * A text is looked for anywhere in any case; `/…/` is a regular expression. It is tried on all names at once in a context that is cut off
 * after a tenth of a second: a pattern that backtracks for ever (by mistake or not) must not stop the evaluator.
 */
export function aNameFilter(q: string, names: Iterable<string>): NameFilter {
  if (q === '') return { matches: all, error: null }
  if (!(q.length > 1 && q.startsWith('/') && q.endsWith('/'))) {
    const wanted = q.toLowerCase()
    return { matches: (name) => name.toLowerCase().includes(wanted), error: null }
  }
  const source = q.slice(1, -1)
  const list = [...new Set(names)]
  try {
    const script = '{ const pattern = new RegExp(source, "i"); list.map((name) => pattern.test(name)) }'
    const found = runInNewContext(script, { source, list }, { timeout: MOST_MILLIS }) as boolean[]
    const matching = new Set(list.filter((_, i) => found[i]))
    return { matches: (name) => matching.has(name), error: null }
  } catch (error) {
    const isSlow = (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    return failed(
      isSlow
        ? `${q} takes too long to try; write a simpler pattern.`
        : `${q} is not a regular expression: ${error instanceof Error || isErrorLike(error) ? error.message : 'it cannot be read'}`,
    )
  }
}

/** Errors of the other context are no instances of our Error. */
const isErrorLike = (error: unknown): error is { message: string } =>
  typeof (error as { message?: unknown } | null)?.message === 'string'
