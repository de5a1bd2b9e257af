import { fitsPattern } from './pattern.ts'

/**
 * Which affirmations an expectation counts. All that is given must hold:
 * `source` a pattern in which `*` stands for anything; `path` a place in the value (`$` the value itself, `$.a.b`, `$.list[0]`,
 * `$["odd name"]`) whose content `equals` a scalar, or is a number `atLeast` / `atMost` that much.
 */
export type Where = {
  source?: string
  path?: string
  equals?: string | number | boolean | null
  atLeast?: number
  atMost?: number
}

const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)*)"\]/y

/** `$.rows[0]["a b"]` → `['rows', 0, 'a b']`; null when it is not a path. */
export function readPath(path: string): (string | number)[] | null {
  if (!path.startsWith('$')) return null
  const steps: (string | number)[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const step = STEP.exec(path)
    if (step === null) return null
    steps.push(step[1] ?? (step[2] === undefined ? (step[3] ?? '').replace(/\\(.)/g, '$1') : Number(step[2])))
  }
  return steps
}

function follow(value: unknown, steps: readonly (string | number)[]): unknown {
  let here = value
  for (const step of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as Record<string | number, unknown>)[step]
  }
  return here
}

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** A text that holds JSON (a plain `curl -d '{"status":"ok"}'`) is read as that JSON. */
function readValue(json: string): unknown {
  const value = parsed(json)
  if (typeof value !== 'string') return value
  return parsed(value) ?? value
}

/** Does the source fit? Reported failures are asked only this: what failed seldom says `status: ok`. */
export const sourceFits = (where: Where | null, source: string): boolean =>
  where?.source === undefined || fitsPattern(where.source, source)

/** Is this affirmation one of those that the expectation counts? `value` is JSON text or null. */
export function fits(where: Where, source: string, value: string | null): boolean {
  if (!sourceFits(where, source)) return false
  if (where.path === undefined) return true
  const found = value === null ? undefined : follow(readValue(value), readPath(where.path) ?? [])
  if (found === undefined) return false
  if (where.equals !== undefined && found !== where.equals) return false
  if (where.atLeast !== undefined && !(typeof found === 'number' && found >= where.atLeast)) return false
  return where.atMost === undefined || (typeof found === 'number' && found <= where.atMost)
}

/** For sentences: ` from web-*`, ` where $.rows is at least 1`. */
export function whereInWords(where: Where | null): string {
  if (where === null) return ''
  const tests = [
    where.equals === undefined ? null : `is ${JSON.stringify(where.equals)}`,
    where.atLeast === undefined ? null : `is at least ${where.atLeast}`,
    where.atMost === undefined ? null : `is at most ${where.atMost}`,
  ].filter((test) => test !== null)
  const source = where.source === undefined ? '' : ` from ${where.source}`
  if (where.path === undefined) return source
  return `${source} where ${where.path} ${tests.join(' and ')}`
}
