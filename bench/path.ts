import { createHash, randomUUID } from 'node:crypto'
import { BlockList } from 'node:net'
import { performance } from 'node:perf_hooks'
import pino from 'pino'
import { peerFrom } from '../src/http/peer.ts'
import { median, type Part, plain, rowsOf, say } from './report.ts'

const TIMES = 100_000
/** What one request takes where 38,000 are answered a second, in microseconds: what each piece is a part of. */
const A_REQUEST = 1e6 / 38_000

const trusted = new BlockList()
trusted.addSubnet('10.0.0.0', 8)
const keys = new Map(Array.from({ length: 1_000 }, (_, i) => [createHash('sha256').update(`key ${i}`).digest('hex'), i]))
const quiet = pino({ level: 'warn' })
const written = pino({ level: 'info' }, { write: () => undefined })

/** What stands, or could stand, on the way of an affirmation. */
const PIECES: [string, (i: number) => unknown][] = [
  [
    'an API key: one hash and one map look-up',
    (i) =>
      keys.get(
        createHash('sha256')
          .update(`key ${i % 2_000}`)
          .digest('hex'),
      ),
  ],
  ['a request id', () => randomUUID()],
  ['a log line that is not written (debug)', (i) => quiet.info({ i }, 'affirmed')],
  ['a log line that is written', (i) => written.info({ i, path: '/affirm/backup' }, 'affirmed')],
  ['who sent it, no proxy', () => peerFrom('192.0.2.7', undefined, trusted)],
  ['who sent it, behind a proxy', () => peerFrom('10.0.0.1', '203.0.113.9', trusted)],
]

/** Microseconds a call. */
function cost(work: (i: number) => unknown): number {
  const begin = performance.now()
  for (let i = 0; i < TIMES; i++) work(i)
  return ((performance.now() - begin) * 1_000) / TIMES
}

const row = rowsOf('path')

/** What each thing that a hot path may want costs, as a part of the whole request. */
export const path: Part = async ({ rounds }) => {
  say('path')
  return PIECES.map(([what, work]) => {
    cost(work)
    const micros = median(Array.from({ length: rounds }, () => cost(work)))
    return row({
      what,
      figure: `${plain(micros)} µs`,
      floor: `${plain(A_REQUEST)} µs a request`,
      ratio: micros / A_REQUEST,
    })
  })
}
