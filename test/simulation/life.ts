import assert from 'node:assert/strict'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Status } from '../../src/domain/affirmation.ts'
import { Fault } from '../../src/domain/fault.ts'
import { DAY, type Duration, HOUR, iso, MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { aWorld, instant, someTerms } from '../support/world.ts'
import { anOracle, type OracleRow, type Told } from './oracle.ts'
import { STEP, withLazyLedger } from './quick-world.ts'

export const START = instant('2026-01-01T00:00:00Z')
export const WEEK = 7 * DAY
type Draft = Parameters<typeof someTerms>[0]
/** One expectation, when it is there, the terms it is edited to and fro, and who affirms its event: `often` times each `every`. */
type Part = {
  event: string
  from: Millis
  to: Millis
  terms: [Draft, ...Draft[]]
  every: Duration
  often: number
  skips: number
  source?: () => string
}

/** Sparse all year, dense in short phases. The first weeks hold something of everything, for runs that are not a year. */
const parts = (random: Random): Part[] => {
  const sometimes = () => (random.chance(0.7) ? `web-${random.upTo(4)}` : 'laptop')
  const year = { from: START, to: Number.POSITIVE_INFINITY, skips: 0.06, often: 1 }
  return [
    {
      ...year,
      event: 'etl',
      every: 3 * HOUR,
      terms: [
        { schedule: '0 */3 * * *', lookback: '20m' },
        { schedule: '0 */6 * * *', lookback: '2h' },
        { schedule: '0 */3 * * *', lookback: '40m', grace: '10m' },
      ],
    },
    {
      ...year,
      event: 'backup',
      every: DAY,
      terms: [
        { schedule: '0 3 * * *', grace: '1h' },
        { schedule: '30 2 * * *', grace: '2h', atMost: 1 },
      ],
    },
    {
      event: 'report',
      from: START + DAY,
      to: START + 22 * DAY,
      every: HOUR,
      often: 2,
      skips: 0.1,
      terms: [
        { schedule: '0 * * * *', atLeast: 1, atMost: 3 },
        { schedule: '0 * * * *', atLeast: 2, ignoreFailures: true },
      ],
      source: sometimes,
    },
    {
      event: 'report',
      from: START + DAY,
      to: START + 22 * DAY,
      every: DAY,
      often: 0,
      skips: 0,
      terms: [{ schedule: '0 */6 * * *', where: { source: 'web-*' }, count: 'sources', atLeast: 2, lookback: '5h' }],
    },
    {
      event: 'heartbeat',
      from: START + 8 * DAY,
      to: START + 14 * DAY,
      every: 30 * MINUTE,
      often: 2,
      skips: 0.15,
      terms: [{ schedule: '*/30 * * * *', grace: '5m' }, { schedule: '*/15 * * * *' }],
    },
    {
      event: 'health',
      from: START + 20 * DAY,
      to: START + 21 * DAY,
      every: 5 * MINUTE,
      often: 4,
      skips: 0.03,
      terms: [
        { schedule: '*/5 * * * *', lookback: '5m', atLeast: 4 },
        { schedule: '*/5 * * * *', lookback: '10m', atLeast: 5, grace: '3m' },
      ],
    },
    {
      event: 'problems',
      from: START + 24 * DAY,
      to: START + 24.5 * DAY,
      every: HOUR,
      often: 2,
      skips: 0.5,
      terms: [{ schedule: '* * * * *', atLeast: 0, atMost: 0 }],
    },
  ]
}

type Random = { fraction(): number; upTo(n: number): number; chance(p: number): boolean; of<T>(items: readonly [T, ...T[]]): T }

/** mulberry32: small, and the same on every machine. */
function aRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const upTo = (n: number): number => Math.floor(fraction() * n)
  return { fraction, upTo, chance: (p) => fraction() < p, of: (items) => items[upTo(items.length)] ?? items[0] }
}

/** All verdicts of all expectations, in order, and all affirmations that were taken. */
export type Life = { ids: number[]; rows: Verdict[]; told: Told[] }

type Deed = { at: Millis; act: () => Promise<void> }

/** Lives from `START` to `end` by chance, tells the oracle all that happens, and compares as it goes. */
async function live(real: Store, seed: number, end: Millis): Promise<Life> {
  const random = aRandom(seed)
  const oracle = anOracle()
  const { store, settle } = withLazyLedger(real)
  const world = aWorld(store, START)
  const agenda: Deed[] = []
  const ids: number[] = []
  const told: Told[] = []
  /** How far the server's clock is from the true time, in which the agenda is written. */
  let skew = 0
  let isUp = true
  let look = 0
  let clientIds = 0

  const plan = (at: Millis, act: () => Promise<void>): void => {
    let i = agenda.length
    while (i > 0 && (agenda[i - 1]?.at ?? 0) > at) i--
    agenda.splice(i, 0, { at, act })
  }
  const trueTime = (): Millis => world.clock.now() - skew
  const refresh = (): void => {
    look = oracle.nextLook()
  }

  const tick = async (): Promise<void> => {
    oracle.tick(world.clock.now())
    await world.tick()
    await compareIncidents()
    refresh()
  }

  const compareIncidents = async (): Promise<void> => {
    const open = (await store.openIncidents(ids)).map(({ expectation }) => expectation).sort((a, b) => a - b)
    assert.deepEqual(
      open,
      ids.filter((id) => oracle.hasOpenIncident(id)),
      `open incidents at ${iso(world.clock.now())}`,
    )
  }

  const passTo = async (target: Millis): Promise<void> => {
    if (!isUp) return world.clock.set(target)
    while (world.clock.now() < target) {
      const now = world.clock.now()
      const tickAt = now + world.evaluation.pause(now)
      const stop = Math.min(now + STEP, target, tickAt)
      world.clock.set(stop)
      oracle.beat(stop)
      await world.listening.tick(stop)
      // A tick with nothing to look at changes nothing: a few are enough.
      if (stop === tickAt && (look + 2 * SECOND <= tickAt || random.chance(0.001))) await tick()
    }
  }

  const affirm = async (one: Told, isAtGiven: boolean): Promise<void> => {
    const now = world.clock.now()
    const at = isAtGiven ? one.at : now
    const isRefused = at > now + 5 * MINUTE || at < now - 30 * DAY
    try {
      const { event, env, status, source, id } = one
      const answer = await world.affirm(event, {
        env,
        status,
        source,
        ...(id === null ? {} : { id }),
        ...(isAtGiven ? { at } : {}),
      })
      const expected = oracle.tell({ ...one, at })
      assert.equal(answer, expected, `the answer to ${JSON.stringify(one)} at ${iso(now)}`)
      if (answer === 'stored') told.push({ ...one, at })
      refresh()
    } catch (error) {
      assert.ok(error instanceof Fault && isRefused, String(error))
    }
  }

  /** A client with a spool keeps it and sends again; another one loses it. */
  const send = async (one: Told, isAtGiven: boolean, hasSpool: boolean): Promise<void> => {
    if (isUp) await affirm(one, isAtGiven)
    else if (hasSpool) plan(trueTime() + 1 + random.upTo(10 * MINUTE), () => send(one, true, true))
    if (one.id !== null && random.chance(0.08))
      plan(trueTime() + 1 + random.upTo(random.of([MINUTE, DAY])), () => send(one, true, false))
  }

  const happen = async ({ event, source }: Part): Promise<void> => {
    const at = trueTime()
    const hasSpool = random.chance(0.6)
    const status: Status = random.chance(0.02) ? 'fail' : random.chance(0.03) ? random.of<Status>(['start', 'log']) : 'ok'
    const env = random.chance(0.03) ? 'staging' : 'prod'
    clientIds += 1
    const id = hasSpool || random.chance(0.3) ? `c${clientIds}` : null
    const one: Told = { event, env, at, status, source: source?.() ?? 'host', id }
    if (random.chance(0.03)) plan(at + 1 + random.upTo(random.of([10 * MINUTE, 3 * HOUR, 3 * DAY])), () => send(one, true, true))
    else await send(one, hasSpool, hasSpool)
  }

  /** Mostly shortly before the due, sometimes anywhere, now and then in the very millisecond or second of it. */
  const affirmingOf = (part: Part, from: Millis): void => {
    const next = from + part.every
    if (from > Math.min(part.to, end)) return
    for (let i = 0; i < part.often; i++) {
      if (random.chance(part.skips)) continue
      const edge = random.of([0, -1, 1, 500, 1_000, 1_500])
      const early = random.chance(0.05) ? -edge : random.upTo(random.chance(0.8) ? Math.min(part.every, 18 * MINUTE) : part.every)
      plan(next - early, () => happen(part))
    }
    plan(next, async () => affirmingOf(part, next))
  }

  const whenUp = async (act: () => Promise<void>): Promise<void> => {
    if (isUp && oracle.isPresent(world.clock.now())) await act()
    else if (trueTime() < end) plan(trueTime() + 20 * MINUTE, () => whenUp(act))
  }

  const declare = async (part: Part): Promise<void> => {
    const now = world.clock.now()
    const { id, terms } = await world.expects(part.event, part.terms[0])
    oracle.expects(id, part.event, 'prod', terms, now)
    ids.push(id)
    refresh()
    affirmingOf(part, Math.floor(trueTime() / part.every) * part.every)
    if (part.terms.length > 1) plan(trueTime() + WEEK / 7 + random.upTo(WEEK), () => whenUp(() => edit(part, id)))
    plan(trueTime() + random.upTo(WEEK), () => whenUp(() => pause(part, id)))
    if (part.to < end) plan(part.to, () => whenUp(() => retire(id)))
  }

  const edit = async (part: Part, id: number): Promise<void> => {
    const old = await store.findExpectation(id)
    if (old === null || old.pausedAt !== null) return
    const terms = someTerms(random.of(part.terms))
    const { event, env, tags } = old
    await world.declaring.change(old, { event, env, tags, paused: false, terms }, world.clock.now())
    if (JSON.stringify(terms) !== JSON.stringify(old.terms)) oracle.edit(id, terms, world.clock.now())
    refresh()
    // Not sooner than any grace: two edits in one grace are one.
    plan(trueTime() + 3 * HOUR + random.upTo(Math.min(part.every * 60, 2 * WEEK)), () => whenUp(() => edit(part, id)))
  }

  const pause = async (part: Part, id: number): Promise<void> => {
    const old = await store.findExpectation(id)
    if (old === null || old.pausedAt !== null || trueTime() > part.to) return
    await world.declaring.pause(old, world.clock.now())
    oracle.pause(id, world.clock.now())
    refresh()
    const long = random.of([30 * SECOND, 2 * MINUTE, 2 * MINUTE + 1, HOUR, DAY])
    plan(trueTime() + long, () => whenUp(() => resume(part, id)))
  }

  const resume = async (part: Part, id: number): Promise<void> => {
    const old = await store.findExpectation(id)
    if (old === null || trueTime() > part.to) return
    await world.declaring.resume(old, world.clock.now())
    oracle.resume(id, world.clock.now())
    refresh()
    plan(trueTime() + random.upTo(Math.min(part.every * 100, 8 * WEEK)), () => whenUp(() => pause(part, id)))
  }

  const retire = async (id: number): Promise<void> => {
    const old = await store.findExpectation(id)
    if (old === null || old.pausedAt !== null) return
    await world.declaring.pause(old, world.clock.now())
    oracle.pause(id, world.clock.now())
  }

  const outages = (): void => {
    const at = trueTime() + random.upTo(3 * DAY)
    // Half of them around a due minute.
    const from = random.chance(0.5) ? at : Math.floor(at / HOUR) * HOUR + random.upTo(6 * SECOND) - 3 * SECOND
    const long = random.of([1, 2 * SECOND, 10 * SECOND, 15 * SECOND + 1, 40 * SECOND, 3 * MINUTE, 30 * MINUTE, 5 * HOUR])
    plan(Math.max(from, trueTime() + 1), () => stop(1 + random.upTo(long)))
  }

  const stop = async (long: Duration): Promise<void> => {
    isUp = false
    const isKilled = random.chance(0.6)
    plan(trueTime() + long, async () => {
      await begin(isKilled)
      outages()
    })
  }

  /** The process comes to life: thawed, or as a new one. */
  const begin = async (isNew: boolean): Promise<void> => {
    await settle()
    if (isNew) {
      world.restart()
      oracle.restart()
    }
    isUp = true
    await tick()
  }

  const jumps = (): void => {
    plan(trueTime() + WEEK / 2 + random.upTo(3 * WEEK), async () => {
      await jumpTo(random.of([-2 * HOUR, 2 * HOUR, -40 * SECOND, 40 * SECOND]))
      plan(trueTime() + random.upTo(5 * HOUR), async () => {
        await jumpTo(0)
        jumps()
      })
    })
  }
  const jumpTo = async (to: Duration): Promise<void> => {
    world.clock.set(world.clock.now() - skew + to)
    skew = to
    if (!isUp || random.chance(0.6)) return
    await begin(true)
  }

  for (const part of parts(random)) if (part.from < end) plan(part.from, () => whenUp(() => declare(part)))
  outages()
  jumps()
  oracle.beat(START)
  await world.listening.tick(START)

  for (let deed = agenda.shift(); deed !== undefined && deed.at <= end; deed = agenda.shift()) {
    await passTo(deed.at + skew)
    await deed.act()
  }
  isUp = true
  await passTo(end + skew)
  await tick()
  assert.deepEqual(world.errors, [], 'nothing went wrong on the way')
  const lists = await store.lastVerdicts(ids, 1_000_000)
  for (const id of ids) compareRows(oracle.rows(id), (lists.get(id) ?? []).map(toRow), id)
  return { ids, rows: ids.flatMap((id) => lists.get(id) ?? []), told }
}

const toRow = ({ window: { from, to }, amended, decidedAt: _, expectation: __, ...row }: Verdict): OracleRow => ({
  ...row,
  from,
  to,
  first: amended?.from ?? null,
})

const written = (row: OracleRow | undefined): string =>
  row === undefined ? 'none' : `${iso(row.due)} ${iso(row.from)}–${iso(row.to)} ${JSON.stringify(row)}`

function compareRows(expected: readonly OracleRow[], found: readonly OracleRow[], id: number): void {
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    const [a, b] = [expected[i], found[i]]
    assert.deepEqual(b, a, `expectation ${id}, verdict ${i}:\n  oracle ${written(a)}\n  stored ${written(b)}`)
  }
}

/** What a process of its own is asked, and what it answers. */
export type LifeTask = { url: string; seed: number; end: Millis }
export type LifeAnswer = { life: Life } | { trouble: string }

async function answer({ url, seed, end }: LifeTask): Promise<LifeAnswer> {
  const store = await openStore(url, (error) => {
    throw error
  })
  try {
    return { life: await live(store, seed, end) }
  } catch (error) {
    return { trouble: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  } finally {
    await store.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [task] = (await once(process, 'message')) as [LifeTask]
  process.send?.(await answer(task), () => process.disconnect())
}
