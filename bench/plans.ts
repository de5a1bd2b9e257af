import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { HOUR, MINUTE } from '../src/domain/time.ts'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import { migrate, openRaw } from './database.ts'
import { BOARD, fillBoard } from './fill.ts'
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
    await store.lastVerdicts(ids, BOARD.verdicts)
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
    await store.judgedUpTo()
    await store.spans({ from: NOW - HOUR, to: NOW })
    await store.settleNews(NOW, 10, () => [])
    await store.concludeOwed(NOW - 100 * MINUTE, NOW, 10, () => [])
  },
  affirming: (store) =>
    store.append([
      { eventId: 1, name: 'event_0', envId: 1, at: NOW, status: 0, source: 's', value: null, clientId: null, isNews: false },
    ]),
}

async function explain(url: string, of: string, statements: readonly string[]): Promise<Plan[]> {
  const db = await openRaw(url)
  const plans: Plan[] = []
  for (const statement of statements) {
    const asked = db.isPostgres ? `explain (generic_plan, costs off) ${statement}` : `explain query plan ${statement}`
    // SQLite takes what is not bound for null, which is all that a plan needs.
    const found = db.isPostgres ? await db.rows<Record<string, string>>(asked) : (db.plan?.(asked) ?? [])
    plans.push({ of, statement, plan: found.map((line) => line.detail ?? line['QUERY PLAN'] ?? '') })
  }
  await db.close()
  return plans
}

/** The plans of what the hot paths really ask, on a filled database. */
export async function plans({ dir, postgres }: Context): Promise<Plan[]> {
  say('plans')
  const url = postgres === null ? `file:${join(dir, 'plans.db')}` : await postgres.fresh()
  await migrate(url)
  const db = await openRaw(url)
  await fillBoard(db, NOW, 20_000, 1)
  await db.close()
  const found: Plan[] = []
  const known = new Set<string>()
  for (const [of, ask] of Object.entries(ASKED)) {
    const opening = await statementsOf(async () => (await openStore(url, () => undefined)).close())
    const all = await statementsOf(async () => {
      const store = await openStore(url, () => undefined)
      await ask(store).finally(() => store.close())
    })
    // What is prepared at the start is shown with the tick and with affirming, whose statements those are.
    const prepared = of === 'the tick' || of === 'affirming' ? opening.filter((text) => !text.includes('drizzle')) : []
    const fresh = [...prepared, ...all.filter((text) => !opening.includes(text))].filter((text) => !known.has(text))
    for (const text of fresh) known.add(text)
    found.push(...(await explain(url, of, fresh)))
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
