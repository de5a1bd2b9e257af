import Database from 'better-sqlite3'
import pg from 'pg'
import { HOUR, MINUTE } from '../src/domain/time.ts'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import { fillBoard, VERDICTS } from './fill.ts'
import { connect, openRaw, pathOf } from './raw.ts'
import { type Context, say } from './report.ts'

export type Plan = { of: string; statement: string; plan: string[] }

/** Notes the text of each statement that the drivers are given while `work` runs. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>()
  const note = (text: unknown) => {
    if (typeof text === 'string' && /^\s*(select|with|insert|update|delete)/i.test(text)) seen.add(text)
  }
  const { prepare } = Database.prototype
  const { query } = pg.Client.prototype
  Database.prototype.prepare = function (this: Database.Database, source: string) {
    note(source)
    return prepare.call(this, source)
  } as typeof prepare
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args
    note(typeof first === 'string' ? first : (first as { text?: unknown } | null)?.text)
    return (query as (...args: unknown[]) => unknown).apply(this, args)
  } as typeof query
  try {
    await work()
  } finally {
    Database.prototype.prepare = prepare
    pg.Client.prototype.query = query
  }
  return [...seen]
}

const NOW = Date.parse('2026-03-02T12:00:00Z')
const FIRST = { limit: 100, cursor: null }

/** The questions of the hot paths, asked of a store that is opened while the drivers are watched. */
const ASKED: Record<string, (store: Store) => Promise<unknown>> = {
  'the board': async (store) => {
    const ids = Array.from({ length: 100 }, (_, i) => i + 1)
    await store.outline()
    await store.listExpectations({ ids }, FIRST)
    await store.lastVerdicts(ids, VERDICTS)
    await store.lastAffirmations(ids)
    await store.openIncidents(ids)
    await store.unexpectedEvents(20)
  },
  'an event page, its list, its export and its counts': async (store) => {
    const event = await store.findEvent('event_0')
    if (event === null) throw new Error('the board was not filled')
    await store.affirmations(event, {}, FIRST)
    await store.affirmationsUpwards(event, {}, FIRST)
    await store.counts(event, undefined, { from: NOW - 24 * HOUR, to: NOW }, HOUR)
  },
  'the lists': async (store) => {
    await store.listEvents({}, FIRST)
    await store.listExpectations({}, FIRST)
    await store.verdicts({}, FIRST)
    await store.incidents({}, FIRST)
  },
  'the tick': async (store) => {
    await store.judgeUpTo(0)
    await store.spans({ from: NOW - HOUR, to: NOW })
    await store.settleNews(NOW, 10, () => [])
    await store.concludeOwed(NOW - 100 * MINUTE, NOW, 10, () => [])
  },
  affirming: (store) =>
    store.append([
      { eventId: 1, name: 'event_0', envId: 1, at: NOW, status: 0, source: 's', value: null, clientId: null, isNews: false },
    ]),
}

/** SQLite wants a value for each parameter; null is all that a plan needs. */
function explainOnSqlite(db: Database.Database, statement: string): string[] {
  const names = [...statement.matchAll(/@(\w+)/g)].map(([, name = '']) => name)
  const places = statement.match(/\?/g)?.map(() => null) ?? []
  const given = names.length > 0 ? [Object.fromEntries(names.map((name) => [name, null]))] : places
  const found = db.prepare<unknown[], { detail: string }>(`explain query plan ${statement}`).all(...given)
  return found.map(({ detail }) => detail)
}

async function explain(url: string, statements: readonly string[]): Promise<string[][]> {
  if (url.startsWith('file:')) {
    const db = connect(pathOf(url))
    const plans = statements.map((statement) => explainOnSqlite(db, statement))
    db.close()
    return plans
  }
  const db = await openRaw(url)
  const plans: string[][] = []
  for (const statement of statements) {
    const found = await db.rows<{ 'QUERY PLAN': string }>(`explain (generic_plan, costs off) ${statement}`)
    plans.push(found.map((line) => line['QUERY PLAN']))
  }
  await db.close()
  return plans
}

/** The plans of what the hot paths really ask, on a filled database. */
export async function plans({ databases, scale }: Context): Promise<Plan[]> {
  say('plans')
  const url = await databases.fresh()
  await fillBoard(url, NOW, 2_000, scale === 'tiny' ? 2_000 : 100_000)
  const opening = await statementsOf(async () => (await openStore(url, () => undefined)).close())
  const found: Plan[] = []
  const known = new Set<string>()
  for (const [of, ask] of Object.entries(ASKED)) {
    const all = await statementsOf(async () => {
      const store = await openStore(url, () => undefined)
      await ask(store).finally(() => store.close())
    })
    // What is prepared at the start is shown with the tick, most of whose statements those are.
    const prepared = of === 'the tick' ? opening.filter((text) => !/drizzle|sqlite_master/.test(text)) : []
    const fresh = [...prepared, ...all.filter((text) => !opening.includes(text))].filter((text) => !known.has(text))
    for (const text of fresh) known.add(text)
    const plans = await explain(url, fresh)
    found.push(...fresh.map((statement, i) => ({ of, statement, plan: plans[i] ?? [] })))
  }
  return found
}

/** Statements shortened to a line, with their plans below them. */
export const plansInText = (found: readonly Plan[]): string =>
  found
    .map(({ of, statement, plan }) => {
      const text = statement.replace(/\s+/g, ' ')
      return `${of}: ${text.length > 160 ? `${text.slice(0, 157)}…` : text}\n${plan.map((line) => `    ${line}`).join('\n')}`
    })
    .join('\n')
