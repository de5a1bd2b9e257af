import { performance } from 'node:perf_hooks'
import { DAY, HOUR, MINUTE } from '../src/domain/time.ts'
import { openStore } from '../src/store/open.ts'
import { expectHourly, fillNames, START, settle, withoutIndexes } from './fill.ts'
import { SOURCE } from './insert.ts'
import { load, type Measured } from './load.ts'
import { startTickNode } from './programs.ts'
import { migrate, openRaw, type Raw } from './raw.ts'
import { type Context, median, type Part, plain, type Row, rowsOf, type Scale, say } from './report.ts'
import { tick } from './tick.ts'

/** All affirmations there are at each stage, over {@link DAYS} days. */
const STAGES: Record<Scale, number[]> = {
  full: [5_000_000, 20_000_000, 50_000_000],
  quick: [500_000, 2_000_000],
  tiny: [10_000, 20_000],
}
const DAYS = 30
const EVENTS = 10_000
const EXPECTATIONS = 10_000
const FROM = START - (DAYS - 1) * DAY
const row = rowsOf('size')

/** More of all events, evenly over all the days. Rows a second, indexes included. */
async function addAffirmations(db: Raw, count: number): Promise<number> {
  const begin = performance.now()
  const at = `${FROM} + i * ${(DAYS * DAY) / 1_000} / ${count} * 1000 + i % 1000`
  await withoutIndexes(db, () =>
    db.exec(
      `insert into affirmations (event_id, env_id, at, status, source) select 1 + (i * 7919) % ${EVENTS}, 1, ${at}, 0, '${SOURCE}' from ${db.series(count)}`,
    ),
  )
  await settle(db)
  return (count * 1_000) / (performance.now() - begin)
}

type Worked = { tick: number; singles: Measured }

/** One tick over everything that is due, in milliseconds, the first left out; then singles. On a clock of our own: to others all of this is long past. */
async function working(url: string, first: number, seconds: number): Promise<Worked> {
  const node = await startTickNode(url, START + first * HOUR - MINUTE)
  try {
    const took: number[] = []
    for (let hour = first; hour < first + 4; hour++) took.push((await tick(node, START + hour * HOUR)).ms)
    const paths = Array.from({ length: 500 }, (_, i) => `/affirm/event_${i * 17}`)
    await load({ url: node.url, paths, seconds: 1 })
    return { tick: median(took.slice(1)), singles: await load({ url: node.url, paths, seconds }) }
  } finally {
    await node.stop()
  }
}

async function bytesOf(db: Raw): Promise<number> {
  const sql = db.isPostgres
    ? "select sum(pg_total_relation_size(inhrelid))::float8 as size from pg_inherits where inhparent = 'affirmations'::regclass"
    : 'select page_count * page_size as size from pragma_page_count(), pragma_page_size()'
  return (await db.rows<{ size: number }>(sql))[0]?.size ?? 0
}

/** Milliseconds to get rid of the oldest day. */
async function forgetting(url: string): Promise<string> {
  const store = await openStore(url, () => undefined)
  const begin = performance.now()
  let [steps, longest] = [0, 0]
  for (let isMore = true; isMore; steps++) {
    const step = performance.now()
    isMore = await store.prune({ affirmations: FROM + DAY + HOUR * 12, verdicts: 0 }, 500)
    longest = Math.max(longest, performance.now() - step)
  }
  await store.close()
  return `${plain(performance.now() - begin)} ms in ${steps} steps, the longest ${plain(longest)} ms`
}

async function measureStage(url: string, all: number, more: number, stage: number, { seconds }: Context): Promise<Row[]> {
  say(`size, ${plain(all)}: filling`)
  const db = await openRaw(url)
  const perSecond = await addAffirmations(db, more)
  const bytes = await bytesOf(db)
  await db.close()
  say(`size, ${plain(all)}`)
  const { tick: took, singles } = await working(url, stage * 5, seconds)
  const name = plain(all)
  return [
    row({ what: `${name}: filled, indexes after`, figure: `${plain(perSecond)} rows/s` }),
    row({ what: `${name}: on disk`, figure: `${plain(bytes / all)} bytes an affirmation, ${plain(bytes / 2 ** 30)} GiB` }),
    row({ what: `${name}: a tick, ${plain(EXPECTATIONS)} due`, figure: `${plain(took)} ms` }),
    row({
      what: `${name}: durable singles over 500 names, 64 connections`,
      figure: `${plain(singles.perSecond)}/s, p99 ${plain(singles.p99)} ms`,
    }),
  ]
}

/** What grows with the number of affirmations, and what does not. */
export const size: Part = async (context) => {
  const url = await context.databases.fresh()
  await migrate(url, { from: FROM, to: START + DAY })
  const db = await openRaw(url)
  await fillNames(db, EVENTS)
  await db.close()
  await expectHourly(url, EXPECTATIONS, 1_000_000)
  const rows: Row[] = []
  let there = 0
  for (const [stage, all] of STAGES[context.scale].entries()) {
    rows.push(...(await measureStage(url, all, all - there, stage, context)))
    there = all
  }
  rows.push(row({ what: `${plain(there)}: the oldest of ${DAYS} days is forgotten`, figure: await forgetting(url) }))
  return rows
}
