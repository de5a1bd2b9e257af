import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Sent } from '../../src/domain/message.ts'
import { MINUTE, type Millis, minuteOf, SECOND } from '../../src/domain/time.ts'
import { aHealth, SETTLING } from '../../src/services/health.ts'
import { aPing, aPinging } from '../../src/services/ping.ts'
import { startHttp } from '../support/endpoints.ts'

const NOON = Date.parse('2026-03-04T12:00:00Z')
const URL_WITH_A_SECRET = 'https://hc.example.org/8f14e45f-ceea?rid=s3cret'
const THERE: Sent = { kind: 'sent', said: 'status 200' }

/** A node that judges each minute two seconds after it, and pings; what it does is noted. */
function aNode(answer: () => Promise<Sent> = async () => THERE) {
  const health = aHealth()
  const pings: { url: string; at: Millis }[] = []
  const outcomes: string[] = []
  const logged: string[] = []
  let now = NOON
  const note = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }))
  const pinging = aPinging({
    url: URL_WITH_A_SECRET,
    ping: (url) => {
      pings.push({ url, at: now })
      return answer()
    },
    health,
    vitals: { pinged: ({ kind }) => void outcomes.push(kind) },
    log: { debug: note, info: note, warn: note, error: note },
  })
  const node = {
    ...{ health, pings, outcomes, logged },
    look: async (at: Millis) => {
      now = at
      await pinging.tick(at)
    },
    /** All is well at this instant: it could store, and all that was due is judged. */
    judge: (at: Millis) => {
      health.stored(at)
      health.judgedUpTo(at - SETTLING)
    },
    at: () => pings.map(({ at }) => new Date(at).toISOString().slice(11, 19)),
  }
  return node
}

describe('after a good tick the address is asked for', () => {
  test('not before the first, and once for each', async () => {
    const node = aNode()
    await node.look(NOON)
    assert.deepEqual(node.at(), [])
    for (let at = NOON + SETTLING; at < NOON + 3 * MINUTE; at += MINUTE) {
      node.judge(at)
      for (let look = at + SECOND; look < at + MINUTE; look += 2 * SECOND) await node.look(look)
    }
    assert.deepEqual(node.at(), ['12:00:03', '12:01:03', '12:02:03'])
    assert.deepEqual(new Set(node.pings.map(({ url }) => url)), new Set([URL_WITH_A_SECRET]))
  })

  test('however often it is judged, at most once in a minute', async () => {
    for (let round = 0; round < 50; round++) {
      const node = aNode()
      for (let at = NOON; at < NOON + 20 * MINUTE; at += Math.ceil(Math.random() * 40 * SECOND)) {
        if (Math.random() < 0.7) node.judge(at)
        await node.look(at)
      }
      const minutes = node.pings.map(({ at }) => minuteOf(at))
      assert.ok(minutes.length > 0)
      assert.equal(new Set(minutes).size, minutes.length)
    }
  })

  test('not while nothing is judged, or this node is behind', async () => {
    const node = aNode()
    node.judge(NOON + SETTLING)
    await node.look(NOON + 3 * SECOND)
    for (let at = NOON + MINUTE; at < NOON + 10 * MINUTE; at += MINUTE) {
      node.health.stored(at)
      await node.look(at)
    }
    assert.deepEqual(node.at(), ['12:00:03'])
    node.health.judgedUpTo(NOON + 5 * MINUTE)
    await node.look(NOON + 10 * MINUTE)
    assert.deepEqual(node.at(), ['12:00:03'])
  })

  test('not while it cannot store', async () => {
    const node = aNode()
    node.judge(NOON + SETTLING)
    node.health.failedToStore(NOON + 3 * SECOND)
    await node.look(NOON + 4 * SECOND)
    assert.deepEqual(node.at(), [])
    node.health.stored(NOON + 5 * SECOND)
    await node.look(NOON + 6 * SECOND)
    assert.deepEqual(node.at(), ['12:00:06'])
  })
})

describe('a ping that does not arrive', () => {
  test('is counted and told in the log, without the path and the query, and not sent again before the next good tick', async () => {
    const node = aNode(async () => ({ kind: 'again', said: 'status 503', after: 1 }))
    node.judge(NOON + SETTLING)
    for (let at = NOON + 3 * SECOND; at < NOON + MINUTE; at += 2 * SECOND) await node.look(at)
    assert.deepEqual(node.outcomes, ['again'])
    assert.equal(node.logged.length, 1)
    assert.match(node.logged[0] ?? '', /"to":"https:\/\/hc\.example\.org","said":"status 503"/)
    assert.doesNotMatch(node.logged.join(), /8f14|s3cret/)
    node.judge(NOON + MINUTE + SETTLING)
    await node.look(NOON + MINUTE + 3 * SECOND)
    assert.deepEqual(node.outcomes, ['again', 'again'])
  })

  test('also when asking throws', async () => {
    const node = aNode(() => Promise.reject(new Error(`no way to ${URL_WITH_A_SECRET}`)))
    node.judge(NOON + SETTLING)
    await node.look(NOON + 3 * SECOND)
    assert.deepEqual(node.outcomes, ['again'])
    assert.doesNotMatch(node.logged.join(), /8f14|s3cret/)
  })
})

describe('asking', () => {
  const { signal } = new AbortController()
  const asking = aPing({ key: null, stopped: signal })

  test('is a GET of the whole address, also on this machine: it is the operator who says where', async (t) => {
    const seen: string[] = []
    const { port } = await startHttp(t, (request, response) => {
      seen.push(`${request.method} ${request.url}`)
      response.end(`you asked for ${request.url}`)
    })
    assert.deepEqual(await asking(`http://127.0.0.1:${port}/8f14?rid=1`), THERE)
    assert.deepEqual(seen, ['GET /8f14?rid=1'])
  })

  test('what is answered is said by its status alone: it may repeat the address', async (t) => {
    const { port } = await startHttp(t, (request, response) => {
      response.writeHead(request.url === '/gone' ? 404 : 500).end(`nothing at ${request.url}`)
    })
    assert.deepEqual(await asking(`http://127.0.0.1:${port}/gone`), { kind: 'never', said: 'status 404' })
    assert.deepEqual(await asking(`http://127.0.0.1:${port}/x`), { kind: 'again', said: 'status 500', after: null })
  })

  test('has a limit: who accepts and says nothing has not been told', async (t) => {
    const { port } = await startHttp(t, () => undefined)
    const sent = await aPing({ key: null, stopped: signal, patience: { connect: 1_000, answer: 50, total: 50 } })(
      `http://127.0.0.1:${port}/secret`,
    )
    assert.equal(sent.kind, 'again')
    assert.doesNotMatch(sent.said, /secret/)
  })

  test('ends with the server', async (t) => {
    const stopping = new AbortController()
    const { port } = await startHttp(t, () => stopping.abort())
    const sent = await aPing({ key: null, stopped: stopping.signal })(`http://127.0.0.1:${port}/secret`)
    assert.equal(sent.kind, 'again')
    assert.doesNotMatch(sent.said, /secret/)
  })

  test('nobody there is no error', async () => {
    const sent = await asking('http://127.0.0.1:9/secret')
    assert.equal(sent.kind, 'again')
    assert.doesNotMatch(sent.said, /secret/)
  })
})
