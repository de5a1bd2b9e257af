import { BlockList } from 'node:net'
import { judgeByStatus } from '../channels/kind.ts'
import { anHttp, type Patience } from '../channels/sending/http.ts'
import type { Sent } from '../domain/message.ts'
import { type Duration, type Millis, minuteOf, SECOND } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Loop } from '../loop.ts'
import type { Health } from './health.ts'
import type { Vitals } from './vitals.ts'

/** Asks for the address. What came of it is said without the address's path and query: they are often the secret. */
export type Ping = (url: string) => Promise<Sent>

const PATIENCE: Patience = { connect: 5 * SECOND, answer: 10 * SECOND, total: 10 * SECOND }

/** The operator says where, not a user: also to this machine and its networks. */
function anywhere(): BlockList {
  const list = new BlockList()
  list.addSubnet('0.0.0.0', 0, 'ipv4')
  list.addSubnet('::', 0, 'ipv6')
  return list
}

/** `key`: shown as `Authorization: Bearer`; null: none. `stopped` ends what is under way. */
export function aPing({
  key,
  stopped,
  patience = PATIENCE,
}: {
  key: string | null
  stopped: AbortSignal
  patience?: Patience
}): Ping {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  const http = anHttp({ allowed: anywhere(), patience, stopped })
  return async (url) => {
    const answer = await http({ via: 'http', method: 'GET', url, headers, body: '' })
    // An answer may repeat what it was asked for.
    return 'kind' in answer ? answer : { ...judgeByStatus(answer), said: `status ${answer.status}` }
  }
}

/** How soon after a good tick it is told. */
const LOOK: Duration = 2 * SECOND

type Needs = {
  url: string
  ping: Ping
  health: Pick<Health, 'lastJudged' | 'troubles'>
  vitals: Pick<Vitals, 'pinged'>
  log: Log
}

/**
 * Tells somebody outside that all that was due is judged: once in a minute, and only while this node can store and is up to date. Who hears nothing
 * knows that nothing is judged here. A loop of its own, so that nobody waits for the answer.
 */
export function aPinging({ url, ping, health, vitals, log }: Needs): Loop {
  const to = new URL(url).origin
  let last: { minute: Millis; judged: Millis } | null = null

  const isTime = (now: Millis, judged: Millis | null): judged is Millis =>
    judged !== null && judged !== last?.judged && minuteOf(now) !== last?.minute && health.troubles(now).length === 0

  const send = async (): Promise<Sent> => {
    try {
      return await ping(url)
    } catch {
      return { kind: 'again', said: 'it could not be asked', after: null }
    }
  }

  return {
    name: 'ping',
    pause: () => LOOK,
    tick: async (now) => {
      const judged = health.lastJudged()
      if (!isTime(now, judged)) return 'idle'
      last = { minute: minuteOf(now), judged }
      const sent = await send()
      vitals.pinged(sent, now)
      if (sent.kind !== 'sent') log.warn({ to, said: sent.said }, 'the ping that tells that this server works did not arrive')
      return 'idle'
    },
  }
}
