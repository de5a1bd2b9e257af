import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { duesAfter } from '../../src/domain/schedule.ts'
import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import { aBacktesting } from '../../src/services/backtest.ts'
import { aSuggesting, type Suggestion } from '../../src/services/suggest.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, instant } from '../support/world.ts'

/** Berlin's clocks go forward on 29 March. */
const START = instant('2026-03-10T10:03:07Z')

/** mulberry32: the same jitter for the same seed. */
function aRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

type Job = {
  schedule: string
  zone?: string
  days: number
  /** How much later than due it comes at most, and how many of a hundred are left out. */
  late: number
  missing?: number
  atOnce?: number
  early?: number
}

function made({ schedule: expression, zone: timeZone = 'UTC', days, late, missing = 3, atOnce = 1, early = 0 }: Job, seed = 1) {
  const random = aRandom(seed)
  const dues = duesAfter({ expression, timeZone }, START, 60_000).filter((due) => due < START + days * DAY)
  return dues
    .filter(() => random() * 100 >= missing)
    .flatMap((due) => Array.from({ length: atOnce }, () => Math.floor(due + random() * late - early)))
    .sort((a, b) => a - b)
}

/** What is suggested by what was seen from `START` on, when somebody listened all the time. */
async function suggestFrom(engine: TestEngine, instants: readonly Millis[], days: number, timeZone = 'Europe/Berlin') {
  const world = aWorld(await engine.open(), START)
  const event = await world.declaring.registerEvent({ name: 'job', description: '', tags: [] }, START)
  const envId = await world.store.environment('prod')
  const now = START + days * DAY + HOUR
  await world.store.extendSpan(await world.store.openSpan('one', START), now)
  const one = { eventId: event.id, name: 'job', envId, status: 0, source: 'x', value: null, clientId: null, isNews: false }
  await world.store.append(instants.map((at) => ({ ...one, at })))
  const retention = 400 * DAY
  const backtesting = aBacktesting({ store: world.store, elapsed: () => 0, retention })
  const suggestion = await aSuggesting({ store: world.store, backtesting, retention, timeZone }).suggest(event, 'prod', now)
  await world.store.close()
  return suggestion
}

const said = ({ terms, confidence }: Suggestion) =>
  terms === null
    ? null
    : {
        schedule: terms.expression,
        zone: terms.timeZone,
        atLeast: terms.atLeast,
        lookback: (terms.lookback ?? 0) / MINUTE,
        grace: terms.grace / MINUTE,
        confidence,
      }

describe('a suggestion', () => {
  let engine: TestEngine
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  const suggest = (job: Job) => suggestFrom(engine, made(job), job.days)

  test('a job at times of day on weekdays: its times, in the zone whose clocks they keep to, with a grace', async () => {
    const job = { schedule: '0 1,7,16 * * 1-5', days: 30, late: 4 * MINUTE }
    const berlin = await suggest({ ...job, zone: 'Europe/Berlin' })
    assert.deepEqual(said(berlin), {
      schedule: '0 1,7,16 * * 1-5',
      zone: 'Europe/Berlin',
      atLeast: 1,
      lookback: 5,
      grace: 5,
      confidence: 'high',
    })
    assert.match(
      berlin.why,
      /^Seen at 01:00, 07:00 and 16:00, Monday to Friday \(Europe\/Berlin\), \d\d of 6\d times, never more than 4 minutes late\.$/,
    )
    assert.equal(berlin.backtest.met + berlin.backtest.missed, 66)
    assert.equal(said(await suggest(job))?.zone, 'UTC')
  })

  test('a heartbeat: a window as long as the time between', async () => {
    assert.deepEqual(said(await suggest({ schedule: '*/5 * * * *', days: 7, late: MINUTE })), {
      schedule: '*/5 * * * *',
      zone: 'Europe/Berlin',
      atLeast: 1,
      lookback: 5,
      grace: 0,
      confidence: 'high',
    })
  })

  test('four at a time: asks for as many as always came', async () => {
    const found = said(await suggest({ schedule: '*/5 * * * *', days: 7, late: 20 * SECOND, atOnce: 4 }))
    assert.deepEqual([found?.schedule, found?.atLeast, found?.lookback], ['*/5 * * * *', 4, 5])
  })

  test('a burst of fifty once a night is one job, not fifty', async () => {
    const found = said(await suggest({ schedule: '0 3 * * *', days: 30, late: 2 * MINUTE, atOnce: 50 }))
    assert.deepEqual([found?.schedule, found?.atLeast, found?.grace], ['0 3 * * *', 50, 5])
  })

  test('a loop that sleeps keeps to no clock: about as often', async () => {
    const random = aRandom(3)
    const instants: Millis[] = []
    for (let at = START; at < START + 5 * DAY; at += 5 * MINUTE + random() * 20 * SECOND) instants.push(Math.floor(at))
    const found = said(await suggestFrom(engine, instants, 5))
    assert.equal(found?.schedule, '*/5 * * * *')
    assert.ok((found?.lookback ?? 0) <= 10)
  })

  test('weekly, and monthly on a day or the last one', async () => {
    for (const schedule of ['0 9 * * 1', '0 6 1 * *', '0 6 L * *']) {
      const found = await suggest({ schedule, days: schedule.endsWith('1') ? 40 : 300, late: 8 * MINUTE, missing: 0 })
      assert.equal(found.terms?.expression, schedule)
    }
  })

  test('what is signed at any time of the working day is due at the end of it', async () => {
    const found = said(await suggest({ schedule: '0 9 * * 1-5', zone: 'Europe/Berlin', days: 30, late: 7.5 * HOUR, missing: 0 }))
    assert.match(found?.schedule ?? '', /^0 1[567] \* \* 1-5$/)
    assert.equal(found?.grace, 0)
    assert.ok((found?.lookback ?? 0) >= 6 * 60)
  })

  test('a person who signs about every three days: at least one in so many days', async () => {
    const random = aRandom(5)
    const instants = Array.from({ length: 20 }, (_, i) => Math.floor(START + i * 3 * DAY + random() * 5 * HOUR))
    const found = await suggestFrom(engine, instants, 60)
    assert.match(found.why, /^Seen about every 3 days\.$/)
    const { schedule, lookback, confidence } = said(found) ?? {}
    assert.match(schedule ?? '', /^0 \d+ \* \* \*$/)
    assert.deepEqual([(lookback ?? 0) / (24 * 60), confidence], [3, 'fair'])
  })

  test('no schedule fits: it says so, and how long it is silent', async () => {
    const random = aRandom(7)
    const instants: Millis[] = []
    for (let at = START; at < START + 20 * DAY; at += random() ** 3 * 30 * HOUR) instants.push(Math.floor(at))
    const found = await suggestFrom(engine, instants, 20)
    assert.match(found.why, /^No schedule fits: the time between is from 1 minute to /)
    assert.equal(found.confidence, 'low')
    assert.ok(found.terms !== null && found.backtest.met > 0)
  })

  test('too few: it says what it takes', async () => {
    assert.match((await suggestFrom(engine, [], 1)).why, /^Seen never so far\. It takes three times/)
    assert.match((await suggestFrom(engine, [START, START + HOUR], 1)).why, /^Seen twice/)
    const three = [0, 1, 2].map((i) => START + 2 * DAY + 59 * MINUTE + i * SECOND)
    const found = await suggestFrom(engine, three, 2)
    assert.equal(found.terms, null)
    assert.match(found.why, /two periods/)
  })

  test('affirmations made by a schedule, late by chance and a few missing, give it back', async () => {
    const minutes = fc.constantFrom(0, 0, 5, 15, 20, 30, 45)
    const hours = fc.uniqueArray(fc.constantFrom(1, 2, 7, 9, 12, 16, 20), { minLength: 1, maxLength: 3 })
    const days = fc.constantFrom('*', '1-5', '1,3,5', '0,6')
    const daily = fc
      .tuple(minutes, hours, days)
      .map(([minute, some, weekdays]) => `${minute} ${some.sort((a, b) => a - b).join()} * * ${weekdays}`)
    const steps = fc.constantFrom('*/5 * * * *', '*/10 * * * *', '*/15 * * * *', '*/30 * * * *', '0 * * * *', '0 */6 * * *')
    const job = fc.record({ schedule: fc.oneof(daily, steps), zone: fc.constantFrom('UTC', 'Europe/Berlin'), seed: fc.nat() })
    await fc.assert(
      fc.asyncProperty(job, async ({ schedule, zone, seed }) => {
        const often = schedule.startsWith('*/')
        const days = often ? 7 : 35
        const late = often ? 80 * SECOND : 4 * MINUTE
        const found = await suggestFrom(engine, made({ schedule, zone, days, late, missing: 2 }, seed), days)
        assert.equal(found.terms?.expression, schedule)
        if (!often && !schedule.startsWith('0 *')) assert.equal(found.terms?.timeZone, zone)
      }),
      { numRuns: 8 },
    )
  })
})
