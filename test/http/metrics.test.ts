import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import type { Sent } from '../../src/domain/message.ts'
import { inText } from '../../src/http/api/metric.ts'
import { anApp } from '../../src/http/app.ts'
import type { Ping } from '../../src/services/ping.ts'
import { aHeldMeter } from '../../src/services/vitals.ts'
import { anApi } from '../support/api.ts'
import { aChannel, tryOnce } from '../support/watched.ts'
import type { World } from '../support/world.ts'
import { fresh } from './fresh.ts'

/** The same node, asked while its database never answers; whoever sleeps has slept at once. */
const silenced = ({ services, clock }: World) => {
  const never = () => new Promise<never>(() => undefined)
  const store = {
    ...services.store,
    kinds: never,
    census: never,
    nodes: never,
    server: never,
    channels: never,
    outboxState: never,
  }
  const api = anApi({ app: anApp({ ...services, clock, store }) })
  return (path: string) => answered(api.get<string>(path))
}

/** Where nothing is left to wait for, the runner would end in the middle of a test and call it passed. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  const done = new AbortController()
  const answer = await Promise.race([asked, systemClock.sleep(5_000, done.signal).then(() => null)])
  done.abort()
  return answer ?? assert.fail('there was no answer')
}

const SAMPLE = /^[a-z][a-z0-9_]*(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e-?\d+)?$/

describe('GET /metrics', () => {
  const here = fresh({ sleep: systemClock.sleep })
  const metrics = async () => {
    const { status, body: text } = await here.api.get<string>('/metrics')
    assert.equal(status, 200)
    return text
  }
  const figure = async (name: string): Promise<number> => {
    const line = (await metrics()).split('\n').find((one) => one.startsWith(`${name} `))
    return Number(line?.slice(name.length + 1))
  }

  test('is the text format of Prometheus: every sample has its HELP and TYPE before it', async () => {
    const text = await metrics()
    assert.ok(text.endsWith('\n'))
    const told = new Set<string>()
    for (const line of text.trimEnd().split('\n')) {
      const [, kind, name = ''] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? []
      if (kind !== undefined) told.add(`${kind} ${name}`)
      else {
        assert.match(line, SAMPLE)
        const [sampled] = line.split(/[{ ]/)
        assert.ok(told.has(`HELP ${sampled}`) && told.has(`TYPE ${sampled}`), line)
      }
    }
    for (const name of ['affirmative_build_info', 'affirmative_clock_offset_seconds', 'affirmative_ready'])
      assert.ok(told.has(`TYPE ${name}`))
  })

  test('counts what was stored, and what was there already', async () => {
    const stored = await figure('affirmative_affirmations_total{outcome="stored"}')
    const duplicates = await figure('affirmative_affirmations_total{outcome="duplicate"}')
    for (const id of ['a', 'b', 'b']) await here.api.get(`/affirm/counted?id=${id}`)
    assert.equal(await figure('affirmative_affirmations_total{outcome="stored"}'), stored + 2)
    assert.equal(await figure('affirmative_affirmations_total{outcome="duplicate"}'), duplicates + 1)
    assert.equal(await figure('affirmative_waiting_rows{of="singles"}'), 0)
  })

  test('counts what was refused, and what was answered 503', async () => {
    await here.world.affirm('known')
    for (const path of ['/affirm/no%20name', '/affirm/known?at=yesterday', '/affirm/known/wrong']) await here.api.get(path)
    await here.api.send('POST', '/api/v1/affirmations', [{ event: 'known' }, { event: 'no name' }, 'nothing'])
    await here.api.send('POST', '/api/v1/affirmations', { event: 'no name' })
    await here.api.raw('/api/v1/affirmations', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })
    assert.equal(await figure('affirmative_affirmations_total{outcome="refused"}'), 7)
    assert.equal(await figure('affirmative_affirmations_total{outcome="failed"}'), 0)
    await here.world.store.close()
    assert.equal((await here.api.get('/affirm/known')).status, 503)
    assert.equal((await here.api.send('POST', '/api/v1/affirmations', [{ event: 'known' }, { event: 'known' }])).status, 503)
    assert.equal(await figure('affirmative_affirmations_total{outcome="failed"}'), 3)
    assert.equal(await figure('affirmative_affirmations_total{outcome="refused"}'), 7)
  })

  test('counts verdicts and expectations by their state', async () => {
    await here.world.expects('silent', { schedule: '* * * * *', lookback: '1m' })
    const before = await figure('affirmative_verdicts_total{verdict="missed"}')
    await here.world.passUntil(here.world.clock.now() + 180_000)
    assert.ok((await figure('affirmative_verdicts_total{verdict="missed"}')) > before)
    assert.equal(await figure('affirmative_expectations{state="missed"}'), 1)
    assert.equal(await figure('affirmative_incidents_open'), 1)
    assert.equal(await figure('affirmative_events'), 1)
    assert.equal(await figure('affirmative_ready'), 1)
  })

  test('counts what tries of deliveries came to, by channel', async () => {
    const { vitals } = here.world.services
    vitals.delivered({ name: 'ops "night"', kind: 'slack' }, 'again')
    vitals.delivered({ name: 'ops "night"', kind: 'slack' }, 'sent')
    for (let i = 0; i < 2; i++) vitals.delivered({ name: 'mail', kind: 'email' }, 'sent')
    const lines = (await metrics()).split('\n').filter((line) => line.startsWith('affirmative_deliveries_total'))
    assert.deepEqual(lines, [
      'affirmative_deliveries_total{channel="ops \\"night\\"",kind="slack",outcome="again"} 1',
      'affirmative_deliveries_total{channel="ops \\"night\\"",kind="slack",outcome="sent"} 1',
      'affirmative_deliveries_total{channel="mail",kind="email",outcome="sent"} 2',
    ])
  })

  test('says what waits in the outbox, for how long, and how many channels fail', async () => {
    const { clock, store } = here.world
    for (const name of ['waiting', 'oldest_seconds']) assert.equal(await figure(`affirmative_outbox_${name}`), 0)
    assert.equal(await figure('affirmative_channels_failing'), 0)
    const [ops, off] = [
      await aChannel(store, 'ops', clock.now()),
      await aChannel(store, 'off', clock.now(), { isEnabled: false }),
    ]
    for (const { id } of [ops, off]) await tryOnce(store, id, { state: 'failed', reason: 'refused', said: '400' }, clock.now())
    await store.addDelivery({ channel: ops.id, kind: 'test', about: {} }, clock.now())
    clock.pass(90_000)
    await store.addDelivery({ channel: ops.id, kind: 'test', about: {} }, clock.now())
    assert.equal(await figure('affirmative_outbox_waiting'), 2)
    assert.equal(await figure('affirmative_outbox_oldest_seconds'), 90)
    assert.equal(await figure('affirmative_channels_failing'), 1)
  })

  test('without an address to ping there is no figure of pings', async () => {
    assert.equal(here.world.pinging, null)
    assert.doesNotMatch(await metrics(), /affirmative_pings/)
  })

  test('does not wait for a database that says nothing: what it would have told is left out', async () => {
    const { status, body } = await silenced(here.world)('/metrics')
    assert.equal(status, 200)
    assert.match(body, /^affirmative_ready 0$/m)
    assert.doesNotMatch(body, /affirmative_(expectations|incidents_open|events|outbox|channels)/)
  })

  test('an event loop that nobody holds is held for no time: the rest between two looks is no delay', () => {
    const delays = { max: 0, reset: () => undefined }
    const held = aHeldMeter(() => delays)
    const told = [0, 10_100_000, 310_000_000].map((max) => {
      delays.max = max
      return held()
    })
    assert.deepEqual(told, [0, 0.0001, 0.3])
  })

  test('label values are escaped', () => {
    const text = inText([{ name: 'a', type: 'gauge', help: 'b', samples: [[{ c: 'x"\\\n' }, 1]] }])
    assert.equal(text.split('\n')[2], 'a{c="x\\"\\\\\\n"} 1')
  })
})

describe('a server that pings', () => {
  const answers: Sent[] = []
  const asked: string[] = []
  const ping: Ping = async (url) => {
    asked.push(url)
    return answers.shift() ?? { kind: 'sent', said: 'status 200' }
  }
  const here = fresh({ sleep: systemClock.sleep, ping, said: { AFFIRMATIVE_PING_URL: 'https://hc.example.org/s3cret?rid=1' } })
  const minutes = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await here.world.passUntil(here.world.clock.now() + 60_000)
      await here.world.pinging?.tick(here.world.clock.now())
    }
  }

  test('counts its pings, and says on /about whom it told and when, without the path', async () => {
    answers.push({ kind: 'never', said: 'status 404' })
    assert.match((await here.api.get<string>('/about')).body, /https:\/\/hc\.example\.org, not yet/)
    await minutes(1)
    const { body: failed } = await here.api.get<string>('/about')
    assert.match(failed, /https:\/\/hc\.example\.org could not be told/)
    await minutes(2)
    const { body: text } = await here.api.get<string>('/metrics')
    assert.match(text, /^affirmative_pings_total\{outcome="sent"\} 2$/m)
    assert.match(text, /^affirmative_pings_total\{outcome="failed"\} 1$/m)
    const { body: about } = await here.api.get<string>('/about')
    assert.match(about, /https:\/\/hc\.example\.org, <time/)
    assert.doesNotMatch(failed + text + about + JSON.stringify(here.world.errors), /s3cret|rid=1/)
    assert.deepEqual(asked, Array(3).fill('https://hc.example.org/s3cret?rid=1'))
  })
})

describe('GET /about', () => {
  const here = fresh({ sleep: systemClock.sleep })

  test('says what runs, on what, who else listens, and whether all is well', async () => {
    await here.world.passUntil(here.world.clock.now() + 120_000)
    const { status, body: text } = await here.api.get<string>('/about')
    assert.equal(status, 200)
    assert.match(text, /affirmative test/)
    assert.match(text, /SQLite \d/)
    assert.match(text, /1 node listening/)
    assert.match(text, /this one/)
    assert.match(text, /ready/)
    assert.match(text, /30 d/)
  })

  test('counts what there is, and says when it was last cleared', async () => {
    await here.world.expects('job', { schedule: '* * * * *', lookback: '1m' })
    await here.world.affirm('job', { env: 'staging' })
    const before = (await here.api.get<string>('/about')).body
    assert.match(before, /1 event, 1 expectation, 2 environments/)
    assert.match(before, /Cleared<\/dt><dd>not yet/)
    while ((await here.world.pruning.tick(here.world.clock.now())) === 'more');
    assert.match((await here.api.get<string>('/about')).body, /Cleared<\/dt><dd><time[^>]*>just now/)
  })

  test('stands though the database says nothing', async () => {
    const { status, body } = await silenced(here.world)('/about')
    assert.equal(status, 200)
    assert.match(body, /The database cannot be asked/)
  })

  test('says what is wrong', async () => {
    here.world.clock.pass(600_000)
    const { body: text } = await here.api.get<string>('/about')
    assert.match(text, /nothing could be written lately/)
    assert.match(text, /0 nodes listening/)
  })
})
