import { rule, ruleAgain } from '../domain/judging.ts'
import { mergeSpans, type Span } from '../domain/listening.ts'
import { dueAfter, dueAtOrBefore } from '../domain/schedule.ts'
import { DAY, type Duration, MINUTE, type Millis, minuteOf } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Loop } from '../loop.ts'
import type { Amendment, Conclusion, OwedDue, Recount, Store } from '../store/store.ts'
import { type Health, SETTLING } from './health.ts'
import { aPace, ELSEWHERE, HOLDING } from './pace.ts'

/** A node may die with work in hand: the others look soon whether it is done. */
const LOOK_AGAIN: Duration = 5_000
/** News settled in one transaction. */
const NEWS_AT_ONCE = 200
/** Rule 5: so many due instants are caught up one by one after a stop; the rest is summed up in one `unknown`. */
const MOST_CAUGHT_UP = 10_000
/** Windows reach back no further than the longest lookback and grace. */
const LONGEST_REACH = 2 * 366 * DAY

/** The due after the one that is owed; terms that were edited since take over at their instant (rule 9). */
function nextDue({ terms, edited }: OwedDue, due: Millis): Millis | null {
  const next = dueAfter(terms, due)
  if (edited === null || (next !== null && next <= edited.at)) return next
  return dueAfter(edited.current, edited.at)
}

/** So many were missed by the evaluator that one verdict stands for the rest of them. */
function sumUp(owed: OwedDue, horizon: Millis): Conclusion {
  const due = Math.max(owed.due, dueAtOrBefore(owed.terms, horizon) ?? owed.due)
  const next = nextDue(owed, due)
  const window = { from: owed.from, to: due }
  return {
    owed,
    due,
    verdict: { verdict: 'unknown', reason: 'not-judged', observed: 0, blind: 0, window },
    nextDue: next,
    checkAt: next,
    windowStart: due,
    caughtUp: 0,
  }
}

/** What becomes of one owed due. Pure: the same answer however late it is asked. */
export function conclude(owed: OwedDue, horizon: Millis, spans: readonly Span[]): Conclusion {
  if (owed.caughtUp >= MOST_CAUGHT_UP) return sumUp(owed, horizon)
  const ruling = rule(owed, horizon, spans)
  if (ruling.kind === 'wait')
    return {
      owed,
      due: owed.due,
      verdict: null,
      nextDue: owed.due,
      checkAt: ruling.until,
      windowStart: null,
      caughtUp: owed.caughtUp,
    }
  const next = nextDue(owed, owed.due)
  const isBehind = next !== null && next <= horizon
  const { judgement, observed, blind, window } = ruling
  // Field by field: spreading takes two microseconds, a hundred thousand times a minute.
  return {
    owed,
    due: owed.due,
    verdict: { verdict: judgement.verdict, reason: judgement.reason, observed, blind, window },
    nextDue: next,
    checkAt: next,
    windowStart: window.to,
    caughtUp: isBehind ? owed.caughtUp + 1 : 0,
  }
}

/**
 * Fewer than before means that some were withdrawn, or that old ones were cleared away, which says nothing of what happened: no more
 * are missing than were withdrawn.
 */
const counted = ({ verdict, seen, withdrawn }: Recount): number => Math.max(seen, verdict.observed - withdrawn.count)

/** Which verdicts late news and withdrawals change, both ways (rule 8). */
export function amendments(recounts: readonly Recount[]): Amendment[] {
  return recounts.flatMap((recount) => {
    const { verdict, since, withdrawn } = recount
    const seen = counted(recount)
    const again = ruleAgain(verdict, seen, since)
    if (again.verdict === verdict.verdict || seen === verdict.observed) return []
    const cause = seen > verdict.observed ? 'late news' : `withdrawn by ${withdrawn.by}`
    return [{ verdict, to: again.verdict, reason: again.reason, seen, why: `${cause}: ${seen} instead of ${verdict.observed}` }]
  })
}

type Needs = {
  store: Pick<Store, 'engine' | 'concludeOwed' | 'settleNews' | 'spans' | 'judgeUpTo'>
  listening: { beat(at: Millis): Promise<void> }
  affirming: { flush(): Promise<void> }
  health: Health
  log: Log
  elapsed: () => number
  /** What time it is by the clock that all nodes judge by; `now` is what ours says. */
  instant: (now: Millis) => Promise<Millis>
  /** Verdicts were written or amended. */
  onChange: () => void
}

/** Each minute, a moment after it: news first (a reported failure comes before the verdict that closes it), then what is due, in order. */
export function anEvaluation({ store, listening, affirming, health, log, elapsed, instant, onChange }: Needs): Loop {
  const pace = aPace(elapsed, store.engine === 'sqlite' ? HOLDING : ELSEWHERE)

  // One expectation that cannot be judged must not keep the others from it: it is looked at again in a minute.
  const concludeSafely =
    (horizon: Millis, spans: readonly Span[]) =>
    (owed: OwedDue): Conclusion => {
      try {
        return conclude(owed, horizon, spans)
      } catch (error) {
        log.error({ err: error, expectation: owed.expectation, due: owed.due }, 'an expectation could not be judged')
        return {
          owed,
          due: owed.due,
          verdict: null,
          nextDue: owed.due,
          checkAt: horizon + MINUTE,
          windowStart: null,
          caughtUp: owed.caughtUp,
        }
      }
    }

  const settleNews = (now: Millis): Promise<number> =>
    store.settleNews(now, NEWS_AT_ONCE, amendments).catch((error: unknown) => {
      log.error({ err: error }, 'late news and reported failures could not be settled; they wait for the next tick')
      return 0
    })

  /** What a whole minute's due instants are judged by. Null between two minutes' work. */
  let round: { horizon: Millis; spans: Span[] } | null = null
  let areOthersAtWork = false

  /** News first: a reported failure comes before the verdict that closes it. Answers null while more news wait. */
  const begin = async (ours: Millis): Promise<typeof round> => {
    const now = await instant(ours)
    const horizon = now - SETTLING
    await affirming.flush()
    await listening.beat(now)
    await store.judgeUpTo(horizon)
    const [news, spans] = await Promise.all([settleNews(now), store.spans({ from: horizon - LONGEST_REACH, to: now })])
    if (news > 0) onChange()
    return news === NEWS_AT_ONCE ? null : { horizon, spans: mergeSpans(spans) }
  }

  const judgeSome = async ({ horizon, spans }: NonNullable<typeof round>, now: Millis): Promise<'more' | 'idle'> => {
    const { claimed, size, verdicts, ...done } = await pace.take(async (size) => {
      const done = await store.concludeOwed(horizon, now, size, (owed) => owed.map(concludeSafely(horizon, spans)))
      return { ...done, size }
    })
    if (verdicts.length > 0) onChange()
    // What was judged may be owed once more: a stop of an hour leaves sixty due instants to an expectation of every minute.
    if (claimed === size || verdicts.length > 0) return 'more'
    areOthersAtWork = done.areOthersAtWork
    if (!areOthersAtWork) health.judgedUpTo(horizon)
    return 'idle'
  }

  return {
    name: 'evaluate',
    pause: (now) => Math.min(minuteOf(now - SETTLING) + MINUTE + SETTLING - now, areOthersAtWork ? LOOK_AGAIN : MINUTE),
    tick: async (now) => {
      // A round that lasts past its minute, after a long stop, is begun anew: news are not to wait for the end of it.
      const isFresh = round !== null && minuteOf(now - SETTLING) === minuteOf(round.horizon)
      const current = isFresh ? round : await begin(now)
      // Forgotten while it is at work: after a failure the next tick begins anew.
      round = null
      if (current === null) return 'more'
      const left = await judgeSome(current, now)
      if (left === 'more') round = current
      return left
    },
  }
}
