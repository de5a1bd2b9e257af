import type { Status } from '../../src/domain/affirmation.ts'
import type { Terms } from '../../src/domain/expectation.ts'
import { DAY, type Duration, MINUTE, type Millis } from '../../src/domain/time.ts'
import type { Outcome, Reason } from '../../src/domain/verdict.ts'

/**
 * The rules of the model once more, as plainly as they can be said: it keeps all that it was told and counts anew each time. It shares
 * types with the program and not one line of what decides. Schedules are five fields of `*`, `*`/n, numbers and lists, in UTC.
 */
export type Oracle = {
  /** The process answered at this instant. A later one of the same process, at most 15 s after, means that it listened in between. */
  beat(at: Millis): void
  restart(): void
  tell(told: Told): 'stored' | 'duplicate'
  expects(id: number, event: string, env: string, terms: Terms, at: Millis): void
  edit(id: number, terms: Terms, at: Millis): void
  pause(id: number, at: Millis): void
  resume(id: number, at: Millis): void
  tick(now: Millis): void
  /** When something is to be looked at next; news at once. */
  nextLook(): Millis
  /** No due later than this instant was judged: the clock was not put back. */
  isPresent(now: Millis): boolean
  rows(id: number): OracleRow[]
  hasOpenIncident(id: number): boolean
}

export type Told = { event: string; env: string; at: Millis; status: Status; source: string; id: string | null }

export type OracleRow = {
  due: Millis
  reported: boolean
  verdict: Outcome
  reason: Reason
  observed: number
  atLeast: number
  atMost: number | null
  blind: Duration
  from: Millis
  to: Millis
  /** The verdict before news changed it first; null when none did. */
  first: Outcome | null
}

type Judged = OracleRow & { terms: Terms; isYoung: boolean }
type Held = {
  id: number
  stream: string
  /** Terms hold for dues later than `after`, until the next ones do. */
  eras: { after: Millis; terms: Terms }[]
  createdAt: Millis
  since: Millis
  pausedAt: Millis | null
  /** All dues up to here are done; `next` is the first after it. */
  done: Millis
  next: Millis
  isWaiting: boolean
  /** Where a window without a lookback starts. */
  chain: Millis
  judged: Judged[]
  reported: OracleRow[]
  isOpen: boolean
}

const SETTLING = 2_000
const LONGEST_REST = 15_000
const NEVER = Number.POSITIVE_INFINITY

const matches = (field: string, n: number): boolean =>
  field.split(',').some((part) => {
    const [range, step] = part.split('/')
    return range === '*' ? n % Number(step ?? 1) === 0 : Number(range) === n
  })

function isDue(expression: string, at: Millis): boolean {
  const [minute = '', hour = ''] = expression.split(' ')
  return matches(minute, Math.floor(at / MINUTE) % 60) && matches(hour, Math.floor(at / (60 * MINUTE)) % 24)
}

function lastDue(expression: string, at: Millis): Millis {
  let minute = Math.floor(at / MINUTE) * MINUTE
  while (!isDue(expression, minute)) minute -= MINUTE
  return minute
}

const termsFor = ({ eras }: Held, due: Millis): Terms => {
  const era = eras.findLast(({ after }) => after < due)
  if (era === undefined) throw new Error('No terms stood then.')
  return era.terms
}
const currentTerms = (held: Held): Terms => termsFor(held, NEVER)

function findNext(held: Held): Millis {
  let minute = Math.floor(held.done / MINUTE) * MINUTE + MINUTE
  while (!isDue(termsFor(held, minute).expression, minute)) minute += MINUTE
  return minute
}

const wildcard = (pattern: string | undefined, source: string): boolean =>
  pattern === undefined || source.startsWith(pattern.slice(0, -1))

const countsFor = ({ where }: Terms, { status, source }: Told): boolean => status === 'ok' && wildcard(where?.source, source)

export function anOracle(): Oracle {
  const streams = new Map<string, Told[]>()
  const ids = new Set<string>()
  const expectations = new Map<number, Held>()
  const spans: { process: number; from: Millis; to: Millis }[] = []
  let news: Told[] = []
  let process = 0

  const find = (id: number): Held => {
    const held = expectations.get(id)
    if (held === undefined) throw new Error(`The oracle was not told of expectation ${id}.`)
    return held
  }

  const beat = (at: Millis): void => {
    const last = spans.at(-1)
    if (last?.process === process && at >= last.to && at - last.to <= LONGEST_REST) last.to = at
    else spans.push({ process, from: at, to: at })
  }

  /** Cuts the window wherever a span begins or ends; a piece is blind when no span holds it. */
  const blindness = (from: Millis, to: Millis): Duration => {
    const near = spans.filter((span) => span.to > from && span.from < to)
    const cuts = [from, to, ...near.flatMap((span) => [span.from, span.to])].filter((at) => at >= from && at <= to)
    cuts.sort((a, b) => a - b)
    let blind = 0
    cuts.forEach((at, i) => {
      const before = cuts[i - 1] ?? at
      if (!near.some((span) => span.from <= before && span.to >= at)) blind += at - before
    })
    return blind
  }

  const count = (stream: string, terms: Terms, from: Millis, to: Millis): number => {
    const all = streams.get(stream) ?? []
    const counted = all.slice(firstNotBefore(all, from), firstNotBefore(all, to)).filter((told) => countsFor(terms, told))
    return terms.count === 'sources' ? new Set(counted.map(({ source }) => source)).size : counted.length
  }

  const judgeDue = (held: Held, due: Millis, horizon: Millis): Judged | null => {
    const terms = termsFor(held, due)
    const from = terms.lookback === null ? Math.min(held.chain, due) : due - terms.lookback
    const isEnough = count(held.stream, terms, from, due) >= terms.atLeast
    const to = isEnough ? due : due + terms.grace
    if (to > horizon) return null
    const observed = count(held.stream, terms, from, to)
    const { atLeast, atMost } = terms
    const row = { due, reported: false, observed, atLeast, atMost, blind: blindness(from, to), from, to, first: null, terms }
    const isYoung = held.since > from || from === to
    return { ...row, isYoung, ...say(row, observed, isYoung) }
  }

  const judgeAll = (held: Held, horizon: Millis): void => {
    // Once found too few it is looked at again at the end of its grace, whatever comes in between (rule 6).
    while (held.pausedAt === null && lookOf(held) <= horizon) {
      const row = judgeDue(held, held.next, horizon)
      held.isWaiting = row === null
      if (row === null) return
      held.judged.push(row)
      held.chain = Math.max(held.chain, row.to)
      held.done = held.next
      held.next = findNext(held)
    }
  }

  const correct = (held: Held, told: Told): void => {
    for (let i = held.judged.length - 1; i >= 0; i--) {
      const row = held.judged[i]
      if (row === undefined || row.due < told.at - DAY) return
      if (told.at < row.from || told.at >= row.to) continue
      const observed = count(held.stream, row.terms, row.from, row.to)
      const again = say(row, observed, row.isYoung)
      if (again.verdict !== row.verdict) Object.assign(row, again, { observed, first: row.first ?? row.verdict })
    }
  }

  const report = (held: Held, { at, source }: Told): void => {
    const { ignoreFailures, where, atLeast, atMost } = currentTerms(held)
    if (held.pausedAt !== null || ignoreFailures || held.createdAt > at || !wildcard(where?.source, source)) return
    if (held.reported.some(({ due }) => due === at)) return
    const row = { due: at, reported: true, observed: 0, atLeast, atMost, blind: 0, from: at, to: at, first: null }
    held.reported.push({ ...row, verdict: 'missed', reason: 'reported-failure' })
    held.reported.sort((a, b) => a.due - b.due)
  }

  const settleIncident = (held: Held): void => {
    const decided = held.judged.findLast(({ verdict }) => verdict !== 'unknown')
    const failed = held.reported.at(-1)
    const isFailureLast = failed !== undefined && failed.due >= (decided?.due ?? 0)
    if (isFailureLast || decided !== undefined) held.isOpen = isFailureLast || decided?.verdict === 'missed'
  }

  return {
    beat,
    restart: () => {
      process += 1
    },
    tell: (told) => {
      const stream = `${told.event} ${told.env}`
      const name = `${stream} ${told.id}`
      if (told.id !== null && ids.has(name)) return 'duplicate'
      ids.add(name)
      const all = streams.get(stream) ?? []
      all.splice(firstNotBefore(all, told.at), 0, told)
      streams.set(stream, all)
      if (told.status === 'fail' || told.status === 'ok') news.push(told)
      return 'stored'
    },
    expects: (id, event, env, terms, at) => {
      const clean = { pausedAt: null, next: 0, isWaiting: false, judged: [], reported: [], isOpen: false }
      const eras = [{ after: at, terms }]
      const chain = lastDue(terms.expression, at)
      const held: Held = { id, stream: `${event} ${env}`, eras, createdAt: at, since: at, done: at, chain, ...clean }
      held.next = findNext(held)
      expectations.set(id, held)
    },
    edit: (id, terms, at) => {
      const held = find(id)
      held.eras.push({ after: at, terms })
      held.next = findNext(held)
    },
    pause: (id, at) => {
      Object.assign(find(id), { pausedAt: at, isWaiting: false })
    },
    resume: (id, at) => {
      const held = find(id)
      if (at - (held.pausedAt ?? at) > 2 * MINUTE) held.since = at
      held.chain = Math.max(held.chain, lastDue(currentTerms(held).expression, at))
      Object.assign(held, { pausedAt: null, done: at })
      held.next = findNext(held)
    },
    tick: (now) => {
      beat(now)
      const ready = news.filter(({ at }) => at <= now)
      news = news.filter(({ at }) => at > now)
      for (const held of expectations.values()) {
        for (const told of ready) {
          if (`${told.event} ${told.env}` !== held.stream) continue
          if (told.status === 'fail') report(held, told)
          else correct(held, told)
        }
        judgeAll(held, now - SETTLING)
        settleIncident(held)
      }
    },
    nextLook: () =>
      Math.min(
        ...news.filter(isAwaited).map(({ at }) => at),
        ...[...expectations.values()].filter(({ pausedAt }) => pausedAt === null).map(lookOf),
      ),
    isPresent: (now) => [...expectations.values()].every(({ done }) => done <= now),
    rows: (id) => [...find(id).judged, ...find(id).reported].map(toRow).sort((a, b) => a.due - b.due || (a.reported ? 1 : -1)),
    hasOpenIncident: (id) => find(id).isOpen,
  }

  /** Does it change what is known already? */
  function isAwaited({ at, status, event, env }: Told): boolean {
    const held = [...expectations.values()].filter(({ stream }) => stream === `${event} ${env}`)
    return held.some(({ chain, done }) => status === 'fail' || at < Math.max(done, chain))
  }
}

const lookOf = (held: Held): Millis => (held.isWaiting ? held.next + termsFor(held, held.next).grace : held.next)

const toRow = ({ due, reported, verdict, reason, observed, atLeast, atMost, blind, from, to, first }: OracleRow): OracleRow => ({
  due,
  reported,
  verdict,
  reason,
  observed,
  atLeast,
  atMost,
  blind,
  from,
  to,
  first,
})

/** Rule 7 in one breath. */
function say(
  { atLeast, atMost, blind, from, to }: Pick<OracleRow, 'atLeast' | 'atMost' | 'blind' | 'from' | 'to'>,
  observed: number,
  isYoung: boolean,
): { verdict: Outcome; reason: Reason } {
  const isBlind = blind * 10 > to - from || blind > 120_000
  const isTrusted = !isBlind && !isYoung
  if (atMost !== null && observed > atMost) return { verdict: 'missed', reason: 'too-many' }
  if (observed >= atLeast && (atMost === null || isTrusted)) return { verdict: 'met', reason: 'enough' }
  if (isTrusted) return { verdict: 'missed', reason: 'too-few' }
  return { verdict: 'unknown', reason: isBlind ? 'not-listening' : 'too-young' }
}

/** Where in the list, which is in order, the first one of `at` or later stands. */
function firstNotBefore(all: readonly Told[], at: Millis): number {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle]?.at ?? NEVER) < at) low = middle + 1
    else high = middle
  }
  return low
}
