import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'
import { MINUTE, type Millis } from '../../src/domain/time.ts'
import { type Job, nextRound } from './jobs.ts'
import type { Journal } from './journal.ts'

/** Real milliseconds a request may take: a node that was killed says nothing. */
const PATIENCE = 1_000
/** Real milliseconds between two tries. */
const REST = 20

/** A node as its callers know it: they go on calling it when it is gone. */
export type Called = { name: string; url: string }
export type Load = {
  nodes: readonly Called[]
  clock: Clock
  journal: Journal
  start: Millis
  stopping: AbortSignal
  /** How many requests went how. */
  tally: Record<string, number>
}

const url = ({ url }: Called, { event }: Job, id: string, at: Millis | null): string =>
  `${url}/affirm/${event}?id=${id}${at === null ? '' : `&at=${at}`}`

const request = (node: Called, job: Job, ids: readonly string[], at: Millis | null): [string, RequestInit] => {
  const [first = ''] = ids
  if (job.batch === undefined) return [url(node, job, first, at), { method: 'POST' }]
  const body = JSON.stringify(ids.map((id) => ({ event: job.event, id })))
  return [`${node.url}/api/v1/affirmations`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }]
}

/** `stored`, `again` for what a caller may send again, or what nobody should be told. */
async function send(...[to, init]: [string, RequestInit]): Promise<string> {
  try {
    const response = await fetch(to, { ...init, signal: AbortSignal.timeout(PATIENCE) })
    const text = await response.text()
    if (response.ok && (text === 'OK' || text.endsWith('"rejected":[]}'))) return 'stored'
    return response.status === 429 || response.status === 503 ? 'again' : `${response.status} ${text}`
  } catch {
    return 'again'
  }
}

/** Sends one round, first to the `n`th node. */
async function affirm(job: Job, ids: readonly string[], at: Millis | null, n: number, load: Load): Promise<void> {
  const { nodes, clock, journal, stopping, tally } = load
  const node = nodes[n % nodes.length]
  if (node === undefined) throw new Error('There is no node to call.')
  const answer = await send(...request(node, job, ids, at))
  tally[answer] = (tally[answer] ?? 0) + 1
  if (answer === 'stored') {
    for (const id of ids) journal.acknowledged(id)
    journal.answered(node.name, clock.now())
  } else if (job.isPatient && !stopping.aborted) {
    await pause(REST)
    await affirm(job, ids, at, n + 1, load)
  }
}

const isSilent = ({ silence }: Job, at: Millis, start: Millis): boolean =>
  silence !== undefined && at >= start + silence.from * MINUTE && at < start + silence.to * MINUTE

/** Affirms until the load stops; the nodes take turns. */
export async function work(job: Job, load: Load): Promise<void> {
  const { clock, start, stopping, nodes } = load
  const name = [job.event, ...nodes.map(({ name }) => name)].join('-')
  let round = nextRound(job, start)
  for (let n = 0; ; n += 1) {
    await clock.sleep(Math.max(0, round - clock.now()), stopping)
    if (stopping.aborted) return
    const ids = Array.from({ length: job.batch ?? 1 }, (_, i) => `${name}-${n}-${i}`)
    if (!isSilent(job, round, start)) await affirm(job, ids, job.isSpooled === true ? round : null, n, load)
    round = nextRound(job, job.isSpooled === true ? round : Math.max(round, clock.now()))
  }
}
