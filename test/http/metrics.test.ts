import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inText } from '../../src/http/api/metrics.ts'
import { fresh } from './fresh.ts'

const SAMPLE = /^[a-z][a-z0-9_]*(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e-?\d+)?$/

describe('GET /metrics', () => {
  const here = fresh()
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

  test('counts verdicts and expectations by their state', async () => {
    await here.world.expects('silent', { schedule: '* * * * *', lookback: '1m' })
    const before = await figure('affirmative_verdicts_total{verdict="missed"}')
    await here.world.passUntil(here.world.clock.now() + 180_000)
    assert.ok((await figure('affirmative_verdicts_total{verdict="missed"}')) > before)
    assert.equal(await figure('affirmative_expectations{state="missed"}'), 1)
    assert.equal(await figure('affirmative_ready'), 1)
  })

  test('label values are escaped', () => {
    const text = inText([{ name: 'a', type: 'gauge', help: 'b', samples: [[{ c: 'x"\\\n' }, 1]] }])
    assert.equal(text.split('\n')[2], 'a{c="x\\"\\\\\\n"} 1')
  })
})

describe('GET /about', () => {
  const here = fresh()

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

  test('says what is wrong', async () => {
    here.world.clock.pass(600_000)
    const { body: text } = await here.api.get<string>('/about')
    assert.match(text, /nothing could be written lately/)
    assert.match(text, /0 nodes listening/)
  })
})
