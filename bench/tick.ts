import { setTimeout as wait } from 'node:timers/promises'
import { HOUR, MINUTE, type Millis } from '../src/domain/time.ts'
import { expectHourly, HOURS, START, withHistory } from './fill.ts'
import { load, QUIET } from './load.ts'
import { type Running, startTickNode } from './programs.ts'
import { openRaw } from './raw.ts'
import { type Context, median, type Part, plain, type Row, rowsOf, type Scale, say } from './report.ts'
import { aFloorTick, type FloorTick } from './tick-floors.ts'

type Size = { expectations: number; affirmations: number }

const SIZES: Record<Scale, { expectations: number[]; affirmations: number[] }> = {
  full: { expectations: [1_000, 10_000, 100_000], affirmations: [1_000_000, 10_000_000] },
  quick: { expectations: [1_000, 10_000], affirmations: [1_000_000] },
  tiny: { expectations: [500], affirmations: [20_000] },
}
/** A moment after the minute, when its windows are judged. */
const SETTLED = 2_500
/** Minutes with nothing due that are measured after each hour. */
const IDLE = 25

/** In milliseconds: see tick-node.ts. */
type Ticked = { ms: number; pieces: number; longest: number; held: number }

/** One minute is judged: see tick-node.ts. */
export async function tick(node: Running, minute: Millis): Promise<Ticked> {
  node.tell(String(minute + SETTLED))
  return JSON.parse(await node.line()) as Ticked
}

type Rounds = { floors: number[]; ours: Ticked[]; idle: Ticked[]; next: Millis }

/** Hour after hour, floor and ours in turn. The first one opens the incidents and warms both up: it is left out. */
async function inRounds(floor: FloorTick, node: Running, rounds: number, { expectations }: Size): Promise<Rounds> {
  const all: Rounds = { floors: [], ours: [], idle: [], next: START }
  for (let round = 0; round <= rounds; round++) {
    const due = all.next
    const { ms, judged } = await floor.tick(due)
    if (judged !== expectations) throw new Error(`the floor judged ${judged} of ${expectations}`)
    all.floors.push(ms)
    all.ours.push(await tick(node, due))
    for (let minute = 1; minute <= IDLE; minute++) all.idle.push(await tick(node, due + minute * MINUTE))
    all.next = due + HOUR
  }
  return { ...all, floors: all.floors.slice(1), ours: all.ours.slice(1), idle: all.idle.slice(IDLE) }
}

type Loaded = { p50: number; p99: number; perSecond: number; ms: number; share: number; held: number }

/** Ticks one after the other while singles are sent: what those feel of it. `share` of the time was spent ticking. */
async function underLoad(node: Running, { next, ours }: Rounds): Promise<Loaded> {
  const seconds = Math.min(5, Math.max(2, Math.floor((median(ours.map(({ ms }) => ms)) * 10) / 1_000)))
  await load({ url: node.url, connections: 32, seconds: 2 })
  let isOver = false
  const loading = load({ url: node.url, connections: 32, seconds, quiet: QUIET }).finally(() => {
    isOver = true
  })
  await wait(QUIET)
  const took: Ticked[] = []
  for (let due = next; !isOver && due < START + HOURS * HOUR; due += HOUR) took.push(await tick(node, due))
  const all = took.map(({ ms }) => ms)
  const share = all.reduce((sum, ms) => sum + ms, 0) / (seconds * 1_000 - QUIET)
  const held = Math.max(...took.map((one) => one.held))
  return { ...(await loading), ms: median(all), share: Math.min(1, share), held }
}

/** How many of a hundred were met. Throws when not everything got its verdict, or nothing was missed, or nothing met. */
async function metOf(url: string, due: Millis, { expectations }: Size): Promise<number> {
  const db = await openRaw(url)
  const found = await db.rows<{ verdict: string; n: number | string }>(
    `select verdict, count(*) as n from verdicts where due = ${due} group by verdict`,
  )
  await db.close()
  const of = (verdict: string) => Number(found.find((row) => row.verdict === verdict)?.n ?? 0)
  const [met, missed] = [of('met'), of('missed')]
  if (met + missed !== expectations || met === 0 || missed === 0) throw new Error(`the tick judged ${JSON.stringify(found)}`)
  return (100 * met) / expectations
}

const row = rowsOf('tick')

function rowsFrom({ expectations, affirmations }: Size, { floors, ours, idle }: Rounds, met: number, limit: number): Row[] {
  const name = `${plain(expectations)} due over ${plain(affirmations)}`
  const isGoal = expectations === 100_000 && affirmations === 10_000_000
  const [floor, took, nothing] = [median(floors), median(ours.map(({ ms }) => ms)), median(idle.map(({ ms }) => ms))]
  const most = (of: 'held' | 'longest') => Math.max(...ours.map((one) => one[of]))
  return [
    row({
      what: `${name} (${plain(met)} % met)`,
      figure: `${plain(took)} ms`,
      floor: `${plain(floor)} ms`,
      ratio: took / floor,
      ...(isGoal ? { atMost: limit } : {}),
    }),
    row({
      what: `${name}, the event loop held at most`,
      figure: `${plain(most('held'))} ms, ${ours[0]?.pieces} pieces, longest ${plain(most('longest'))} ms`,
      measured: most('held'),
      atMost: 30,
      unit: ' ms',
    }),
    row({ what: `${name}, nothing due`, figure: `${plain(nothing)} ms`, measured: nothing, atMost: 1, unit: ' ms' }),
  ]
}

const loadedRow = ({ expectations, affirmations }: Size, { p50, p99, perSecond, ms, share, held }: Loaded): Row =>
  row({
    what: `${plain(expectations)} due over ${plain(affirmations)}, singles meanwhile, p99`,
    figure: `${plain(p99)} ms, p50 ${plain(p50)} ms, ${plain(perSecond)}/s; ${Math.round(share * 100)} % of the time in ticks of ${plain(ms)} ms, held ${plain(held)} ms at most`,
    measured: p99,
    atMost: 25,
    unit: ' ms',
  })

function memoryRow({ expectations, affirmations }: Size, peak: number): Row {
  const what = `tick, ${plain(expectations)} due over ${plain(affirmations)}, highest`
  return rowsOf('memory')({ what, figure: `${plain(peak)} MiB`, measured: peak, atMost: 320, unit: ' MiB' })
}

async function measureOn(urls: { ours: string; floor: string }, context: Context, size: Size): Promise<Row[]> {
  const { rounds, scale, databases } = context
  const node = await startTickNode(urls.ours, START - MINUTE)
  const floor = await aFloorTick(urls.floor)
  try {
    const measured = await inRounds(floor, node, rounds, size)
    const isMost = size.expectations === Math.max(...SIZES[scale].expectations)
    const loaded = isMost ? [loadedRow(size, await underLoad(node, measured))] : []
    const { peak } = node.memory()
    await node.stop()
    const met = await metOf(urls.ours, measured.next - HOUR, size)
    return [...rowsFrom(size, measured, met, databases.isPostgres ? 3 : 1.5), ...loaded, memoryRow(size, peak)]
  } finally {
    await node.stop()
    await floor.close()
  }
}

async function measure(context: Context, size: Size): Promise<Row[]> {
  const { databases } = context
  say(`tick, ${plain(size.expectations)} due over ${plain(size.affirmations)}: filling`)
  const ours = await withHistory(context, size.affirmations)
  await expectHourly(ours, size.expectations, size.affirmations)
  const floor = await databases.copy(ours)
  say(`tick, ${plain(size.expectations)} due over ${plain(size.affirmations)}`)
  try {
    return await measureOn({ ours, floor }, context, size)
  } finally {
    await Promise.all([databases.drop(ours), databases.drop(floor)])
  }
}

/** The evaluator over everything due in one minute. */
export const ticks: Part = async (context) => {
  const { expectations, affirmations } = SIZES[context.scale]
  const rows: Row[] = []
  for (const stored of affirmations)
    for (const due of expectations) rows.push(...(await measure(context, { expectations: due, affirmations: stored })))
  return rows
}
