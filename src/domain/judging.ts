import type { Terms } from './expectation.ts'
import { blindness, isCovered, type Span } from './listening.ts'
import type { Duration, Millis, Window } from './time.ts'
import { type Judgement, judge, type Verdict } from './verdict.ts'

/** A due instant that has no verdict yet, with what was seen. */
export type Owed = {
  due: Millis
  since: Millis
  /** Where the window starts: `due − lookback`, or where the previous window ended. */
  from: Millis
  terms: Pick<Terms, 'atLeast' | 'atMost' | 'grace'>
  /** Counted in `[from, due)` and in `[from, due + grace)`. */
  seen: number
  seenWithGrace: number
}

/** A verdict that is ready, or the instant at which to look again. */
export type Ruling =
  | { kind: 'wait'; until: Millis }
  | { kind: 'judged'; judgement: Judgement; window: Window; observed: number; blind: Duration }

function ruleOn(window: Window, observed: number, owed: Owed, spans: readonly Span[]): Ruling {
  const blind = blindness(window, spans)
  // No length: another window took its time (an edit inside a grace, a clock put back). It proves as little as one before our time.
  const isYoung = owed.since > window.from || window.from === window.to
  const sight = { isCovered: isCovered(window, blind), isYoung }
  return { kind: 'judged', judgement: judge(owed.terms, observed, sight), window, observed, blind }
}

/**
 * Rule 6: count `[from, due)`; if that is too few, wait and count `[from, due + grace)` at `due + grace`.
 * `horizon` only says whether the grace is over: late or not, the answer is the same.
 */
export function rule(owed: Owed, horizon: Millis, spans: readonly Span[]): Ruling {
  const { due, from, terms, seen, seenWithGrace } = owed
  if (seen >= terms.atLeast || terms.grace === 0) return ruleOn({ from, to: due }, seen, owed, spans)
  if (due + terms.grace > horizon) return { kind: 'wait', until: due + terms.grace }
  return ruleOn({ from, to: due + terms.grace }, seenWithGrace, owed, spans)
}

/**
 * Was the expectation younger than its window when that was judged? The reason says so, but where enough of them leaves it open: then it
 * was unless `since` is from before the window. (Who resumed a pause meanwhile may get an `unknown` for it, never a false alarm.)
 */
function wasYoung({ reason, atMost, window }: Verdict, since: Millis): boolean {
  if (reason === 'too-young') return true
  if (reason === 'too-few' || (reason === 'enough' && atMost !== null)) return false
  return since > window.from || window.from === window.to
}

/** Rule 8: the window of a verdict counted again. Its sight was settled when it was judged first. */
export const ruleAgain = (verdict: Verdict, observed: number, since: Millis): Judgement =>
  judge(verdict, observed, { isCovered: isCovered(verdict.window, verdict.blind), isYoung: wasYoung(verdict, since) })
