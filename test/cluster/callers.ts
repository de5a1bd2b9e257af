import assert from 'node:assert/strict'
import { systemClock } from '../../src/clock.ts'
import type { Duration, Millis } from '../../src/domain/time.ts'

/** One request and what came of it; status 0 when nothing was answered. */
export type Answer = {
  kind: Kind
  ids: readonly string[]
  asked: Millis
  took: Duration
  status: number
  retryAfter: string | null
  /** How many of a batch had been stored before. */
  duplicates: number
}

/**
 * `single` and `batch` affirm an event that is known, `new` registers one each time. `bare` says it once, without an id, and is content with any
 * answer. `job` spools: it goes on while what it said is still on its way, and that keeps its own time.
 */
export type Kind = 'single' | 'batch' | 'new' | 'job' | 'bare'

/** Callers that affirm through all that happens. All but the bare ones send what was not stored again, with its ids, until it is. */
export type Callers = {
  answers: readonly Answer[]
  /** So many that each affirm, rest and affirm again. The answer ends them: it resolves when what they had begun is stored. */
  start(kind: Kind, callers: number, rest: Duration): () => Promise<void>
  stop(): Promise<void>
}

const PATIENCE: Duration = 60_000
/** Sooner than the server asks for: the callers are many and impatient. */
const REST_AFTER_REFUSAL: Duration = 250
const BATCH = 200
const VALUE = 'x'.repeat(500)

type Request = { path: string; body?: unknown }

function requestOf(kind: Kind, ids: readonly string[], at: Millis): Request {
  if (kind === 'batch')
    return { path: '/api/v1/affirmations', body: ids.map((id) => ({ event: 'of_batches', id, value: VALUE })) }
  const [id] = ids
  if (kind === 'single') return { path: `/affirm/of_singles?id=${id}` }
  if (kind === 'new') return { path: `/affirm/new_${id}?id=${id}` }
  return { path: kind === 'job' ? `/affirm/job?id=${id}&at=${at}` : '/affirm/bare' }
}

export const isStored = ({ status }: Answer): boolean => status >= 200 && status < 300

/** Stored, or refused in a way that says when to come again. */
export const isHonest = (answer: Answer): boolean =>
  isStored(answer) || ((answer.status === 503 || answer.status === 429) && answer.retryAfter !== null)

export const asSaid = ({ kind, asked, took, status, retryAfter }: Answer): string =>
  `${kind} asked at ${new Date(asked).toISOString()}: ${status} after ${took} ms, retry-after ${retryAfter}`

/** At least one affirmation of the event in the lookback before each minute. */
export async function expectEachMinute(url: string, event: string, lookback: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/expectations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event, schedule: '* * * * *', atLeast: 1, lookback }),
  })
  assert.equal(response.status, 201, await response.text())
}

async function ask(url: string, kind: Kind, ids: readonly string[], at: Millis): Promise<Answer> {
  const { path, body } = requestOf(kind, ids, at)
  const asked = systemClock.now()
  const answer: Answer = { kind, ids, asked, took: 0, status: 0, retryAfter: null, duplicates: 0 }
  try {
    const response = await fetch(url + path, {
      method: 'POST',
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    answer.status = response.status
    answer.retryAfter = response.headers.get('retry-after')
    if (response.ok && kind === 'batch') answer.duplicates = (JSON.parse(text) as { duplicates: number }).duplicates
  } catch {
    answer.status = 0
  }
  answer.took = systemClock.now() - asked
  return answer
}

/** Callers of the server at `url`. */
export function someCallers(url: string): Callers {
  const answers: Answer[] = []
  const stops: (() => Promise<void>)[] = []
  let made = 0

  const affirm = async (kind: Kind, isOver: () => boolean): Promise<void> => {
    const ids = Array.from({ length: kind === 'bare' ? 0 : kind === 'batch' ? BATCH : 1 }, () => `${kind}-${made++}`)
    const at = systemClock.now()
    for (;;) {
      const answer = await ask(url, kind, ids, at)
      answers.push(answer)
      const isServerGone = answer.status === 0 && isOver()
      if (isStored(answer) || kind === 'bare' || isServerGone) return
      await systemClock.sleep(REST_AFTER_REFUSAL)
    }
  }

  const start = (kind: Kind, callers: number, rest: Duration): (() => Promise<void>) => {
    let isOver = false
    const keepAffirming = async (): Promise<void> => {
      const spooled: Promise<void>[] = []
      while (!isOver) {
        const sent = affirm(kind, () => isOver)
        if (kind === 'job') spooled.push(sent)
        else await sent
        await systemClock.sleep(rest)
      }
      await Promise.all(spooled)
    }
    const all = Promise.all(Array.from({ length: callers }, keepAffirming))
    const stop = async (): Promise<void> => {
      isOver = true
      await all
    }
    stops.push(stop)
    return stop
  }
  return {
    answers,
    start,
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}
