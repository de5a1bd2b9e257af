import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import Database from 'better-sqlite3'
import pg from 'pg'
import { type Status, statusNumber } from '../../../src/domain/affirmation.ts'
import type { Audited } from '../../../src/domain/audit.ts'
import type { Event } from '../../../src/domain/event.ts'
import type { Expectation } from '../../../src/domain/expectation.ts'
import { Fault } from '../../../src/domain/fault.ts'
import type { Span } from '../../../src/domain/listening.ts'
import { dueAfter, dueAtOrBefore } from '../../../src/domain/schedule.ts'
import type { Millis } from '../../../src/domain/time.ts'
import type { Verdict } from '../../../src/domain/verdict.ts'
import { amendments, conclude } from '../../../src/services/evaluate.ts'
import type { Appended, OwedDue, Page, Paged, Row, Store } from '../../../src/store/store.ts'
import { BY } from '../../support/author.ts'
import { someTerms } from '../../support/world.ts'

/** `'01:30'` → that time of the day on which all of this happens. */
export const at = (time: string): Millis => Date.parse(`2026-03-01T${time}Z`)
export const START = at('00:00')
export const ALWAYS: readonly Span[] = [{ from: 0, to: at('23:59') }]

/** An event that nothing is known of but its name. */
export async function anEvent(store: Store, name: string, more: Partial<Omit<Event, 'id' | 'name'>> = {}): Promise<Event> {
  const made = await store.createEvent({ key: `af_${name}`, description: '', tags: [], createdAt: START, ...more, name }, BY)
  return typeof made === 'string' ? assert.fail(`${name}: ${made}`) : made
}

export type Told = {
  at?: Millis
  env?: string
  status?: Status
  source?: string
  value?: string | null
  id?: string | null
  isNews?: boolean
}

export type Named = Pick<Event, 'id' | 'name'>

export const rowOf = async (store: Store, event: Named, told: Told): Promise<Row> => ({
  eventId: event.id,
  name: event.name,
  envId: await store.environment(told.env ?? 'prod'),
  at: told.at ?? START,
  status: statusNumber(told.status ?? 'ok'),
  source: told.source ?? 'test',
  value: told.value ?? null,
  clientId: told.id ?? null,
  isNews: told.isNews ?? false,
})

export async function rowsOf(store: Store, event: Named, told: readonly Told[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const one of told) rows.push(await rowOf(store, event, one))
  return rows
}

export const affirm = async (store: Store, event: Named, ...told: Told[]): Promise<Appended[]> =>
  store.append(await rowsOf(store, event, told))

export type Wanted = Parameters<typeof someTerms>[0] & { env?: string; tags?: string[]; from?: Millis; paused?: boolean }

/** As `declare` makes one. Its windows are trusted from `from` on. */
export function anExpectation(store: Store, event: Event, wanted: Wanted = {}): Promise<Expectation> {
  const { env = 'prod', tags = [], from = START, paused = false, ...some } = wanted
  const terms = someTerms(some)
  return store.createExpectation(
    {
      eventId: event.id,
      env,
      tags,
      terms,
      pausedAt: paused ? from : null,
      createdAt: from,
      nextDue: paused ? null : dueAfter(terms, from),
      windowStart: dueAtOrBefore(terms, from) ?? from,
    },
    BY,
  )
}

/** Everything in a list, page by page. */
export async function readAll<T>(list: (page: Page) => Promise<Paged<T>>, limit = 1_000): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page: Paged<T> = await list({ limit, cursor })
    assert.ok(page.items.length <= limit)
    assert.ok(page.next === null || page.items.length === limit, 'only a full page has one after it')
    assert.ok(page.next === null || page.next !== cursor, 'each page is after the one before')
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

/** What the evaluator decides when somebody listened all the time. */
export const decideAt =
  (horizon: Millis, spans = ALWAYS) =>
  (owed: OwedDue[]) =>
    owed.map((one) => conclude(one, horizon, spans))

/** Concludes all that is owed at `horizon`; verdicts in the order in which they were written. */
export async function judgeUpTo(store: Store, horizon: Millis, { limit = 200, spans = ALWAYS } = {}): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (;;) {
    const done = await store.concludeOwed(horizon, horizon, limit, decideAt(horizon, spans))
    assert.ok(done.claimed <= limit)
    if (done.claimed === 0) return verdicts
    verdicts.push(...done.verdicts)
  }
}

export const settle = (store: Store, now: Millis, limit = 200): Promise<number> => store.settleNews(now, limit, amendments)

/** Everything one expectation was ever told, oldest first. */
export async function verdictsOf(store: Store, { id }: Pick<Expectation, 'id'>): Promise<Verdict[]> {
  return (await store.lastVerdicts([id], 100_000)).get(id) ?? []
}

/** Asks the tables themselves, past the store. */
export async function query<T>(url: string, text: string): Promise<T[]> {
  if (url.startsWith('file:')) return queryFile<T>(url.slice('file:'.length), text)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows as T[]
  } finally {
    await client.end()
  }
}

export function queryFile<T>(path: string, text: string): T[] {
  const db = new Database(path)
  try {
    const statement = db.prepare<[], T>(text)
    if (statement.reader) return statement.all()
    statement.run()
    return []
  } finally {
    db.close()
  }
}

export async function rowsIn(url: string, table: string, where = '1 = 1'): Promise<number> {
  const [row] = await query<{ n: number }>(url, `select count(*) as n from ${table} where ${where}`)
  return row?.n ?? assert.fail(table)
}

export const clock = (millis: Millis): string => new Date(millis).toISOString().slice(11, 19).replace(/:00$/, '')
/** `01:00 missed 0`: due, outcome and what was counted; a reported failure has `!`. */
export const said = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ due, verdict, observed, reported }) => `${clock(due)}${reported ? '!' : ''} ${verdict} ${observed}`)
export const outcomes = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ verdict }) => verdict)
export const names = (events: readonly { name: string }[]): string[] => events.map(({ name }) => name)
export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
export const byBytes = (texts: readonly string[]): string[] =>
  texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
export const isFault = (error: unknown): boolean => error instanceof Fault && error.code === 'invalid'
export const FIRST: Page = { limit: 1_000, cursor: null }

export async function found(store: Store, { id }: Pick<Expectation, 'id'>): Promise<Expectation> {
  return (await store.findExpectation(id)) ?? assert.fail(`expectation ${id} is gone`)
}

/** What every database must do, whichever it is. */
export type Open = (t: TestContext) => Promise<Store>

/** What the audit log holds of actions on a kind of thing (`incident`, `affirmation`), newest first. */
export async function noted(store: Store, kind: string): Promise<Audited[]> {
  const { items } = await store.changes({}, { limit: 100, cursor: null })
  return items.filter(({ action }) => action.startsWith(`${kind}.`))
}
