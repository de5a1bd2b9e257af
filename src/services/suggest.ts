import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Backtest, isMuchUnknown, noBacktest } from '../domain/backtest.ts'
import type { Event } from '../domain/event.ts'
import type { Terms } from '../domain/expectation.ts'
import type { Span } from '../domain/listening.ts'
import { aReplay, duesBack, type Plan, planOf } from '../domain/replay.ts'
import type { Sightings } from '../domain/rhythm.ts'
import { type Confidence, confidenceIn, type Idea, ideas, tightest } from '../domain/suggestion.ts'
import { type Duration, MINUTE, type Millis } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import type { Backtesting } from './backtest.ts'
import { SETTLING } from './health.ts'
import { oneAtATime } from './one-at-a-time.ts'

const MOST_SEEN = 5_000
/** Dues that a candidate is tried on. */
const MOST_TRIED = 2_000

/** What is suggested and what is counted must not seem to contradict each other. */
const ONLY_WHAT_CAME = 'That goes by what came; where nothing came and nobody was listening, the backtest says unknown.'

/** It is asked for again and again while somebody types. */
const REMEMBERED_FOR: Duration = MINUTE
const MOST_REMEMBERED = 100

/** What was seen, what it suggests (`terms` null: nothing yet), how sure that is and why, and what it would have said. */
export type Suggestion = {
  terms: Terms | null
  confidence: Confidence
  why: string
  seen: { from: Millis; to: Millis; count: number }
  backtest: Backtest
}

export type Suggesting = {
  /** Terms that fit what was seen of the event. Throws `over-capacity` when too many ask at once. */
  suggest(event: Event, env: string, now: Millis): Promise<Suggestion>
}

type Needs = { store: Pick<Store, 'latest'>; backtesting: Backtesting; retention: Duration; timeZone: string }
type Chosen = { terms: Terms; confidence: Confidence; why: string }

function planFor(terms: Terms, { from, to }: Sightings): Plan {
  const dues: Millis[] = []
  for (const due of duesBack(terms, to - SETTLING, from)) if (dues.push(due) > MOST_TRIED) break
  return planOf(dues, MOST_TRIED, from, to - SETTLING)
}

/** A rehearsal in memory: what was seen is there already. */
function tryOut(terms: Terms, plan: Plan, { instants }: Sightings, spans: readonly Span[]) {
  const replay = aReplay(terms, plan, spans)
  replay.take(instants.map((at) => ({ at, source: '', n: 1 })))
  replay.finish()
  const count = (outcome: string) => replay.verdicts.filter(({ verdict }) => verdict === outcome).length
  return { terms, met: count('met'), missed: count('missed') }
}

async function choose(idea: Idea, seen: Sightings, spans: readonly Span[]): Promise<Chosen | null> {
  const plans = new Map<string, Plan>()
  const tried: ReturnType<typeof tryOut>[] = []
  for (const terms of idea.candidates) {
    const plan = plans.get(terms.expression) ?? planFor(terms, seen)
    plans.set(terms.expression, plan)
    tried.push(tryOut(terms, plan, seen, spans))
    await nextTurn()
  }
  const best = tightest(tried)
  return best === null ? null : { terms: best.terms, confidence: confidenceIn(best, idea.surest), why: idea.why }
}

/** Lets others in wherever the work stops. */
async function inPieces<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    await nextTurn()
  }
}

export function aSuggesting({ store, backtesting, retention, timeZone }: Needs): Suggesting {
  const takeTurns = oneAtATime('Too many suggestions are asked for at once. Try again in a moment.')
  const zones: [string, ...string[]] = timeZone === 'UTC' ? ['UTC'] : [timeZone, 'UTC']

  const remembered = new Map<string, Suggestion>()

  const read = async (event: Event, env: string, now: Millis): Promise<Sightings> => {
    const latest = await store.latest(event.id, env, { from: now - retention, to: now + 1 }, MOST_SEEN)
    return { instants: latest.toReversed(), from: latest.at(-1) ?? now, to: now }
  }

  const firstThatFits = async (found: readonly Idea[], seen: Sightings): Promise<Chosen | null> => {
    const spans = await backtesting.spansSince(seen.from, seen.to)
    for (const idea of found) {
      const chosen = await choose(idea, seen, spans)
      if (chosen !== null) return chosen
    }
    return null
  }

  const suggest = async (event: Event, env: string, now: Millis): Promise<Suggestion> => {
    const sightings = await read(event, env, now)
    const seen = { from: sightings.from, to: now, count: sightings.instants.length }
    const found = await inPieces(ideas(sightings, zones))
    const nothing = { terms: null, confidence: 'low' as const, seen, backtest: noBacktest }
    if (typeof found === 'string') return { ...nothing, why: found }
    const chosen = await firstThatFits(found, sightings)
    if (chosen === null) return { ...nothing, why: 'No schedule fits what was seen, not even a loose one.' }
    const backtest = await backtesting.backtest(event, env, chosen.terms, now)
    return { ...chosen, why: isMuchUnknown(backtest) ? `${chosen.why} ${ONLY_WHAT_CAME}` : chosen.why, seen, backtest }
  }

  return {
    suggest: async (event, env, now) => {
      const key = `${event.id} ${env}`
      const known = remembered.get(key)
      if (known !== undefined && Math.abs(now - known.seen.to) < REMEMBERED_FOR) return known
      const suggestion = await takeTurns(() => suggest(event, env, now))
      if (remembered.size >= MOST_REMEMBERED) remembered.clear()
      remembered.set(key, suggestion)
      return suggestion
    },
  }
}
