import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import Database from 'better-sqlite3'
import pg from 'pg'
import { type Status, statusNumber } from '../../src/domain/affirmation.ts'
import type { Event } from '../../src/domain/event.ts'
import { type Expectation, STATES, stateOf } from '../../src/domain/expectation.ts'
import { Fault } from '../../src/domain/fault.ts'
import type { Span } from '../../src/domain/listening.ts'
import { dueAfter, dueAtOrBefore } from '../../src/domain/schedule.ts'
import { HOUR, MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import { amendments, conclude } from '../../src/services/evaluate.ts'
import type { Appended, OwedDue, Page, Paged, Row, Store } from '../../src/store/store.ts'
import type { TestEngine } from '../support/engines.ts'
import { someTerms } from '../support/world.ts'

/** `'01:30'` → that time of the day on which all of this happens. */
export const at = (time: string): Millis => Date.parse(`2026-03-01T${time}Z`)
const START = at('00:00')
const ALWAYS: readonly Span[] = [{ from: 0, to: at('23:59') }]

/** An event that nothing is known of but its name. */
export async function anEvent(store: Store, name: string, more: Partial<Omit<Event, 'id' | 'name'>> = {}): Promise<Event> {
  const made = await store.createEvent({ key: `af_${name}`, description: '', tags: [], createdAt: START, ...more, name })
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

type Named = Pick<Event, 'id' | 'name'>

const rowOf = async (store: Store, event: Named, told: Told): Promise<Row> => ({
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

type Wanted = Parameters<typeof someTerms>[0] & { env?: string; tags?: string[]; from?: Millis; paused?: boolean }

/** As `declare` makes one. Its windows are trusted from `from` on. */
export function anExpectation(store: Store, event: Event, wanted: Wanted = {}): Promise<Expectation> {
  const { env = 'prod', tags = [], from = START, paused = false, ...some } = wanted
  const terms = someTerms(some)
  return store.createExpectation({
    eventId: event.id,
    env,
    tags,
    terms,
    pausedAt: paused ? from : null,
    createdAt: from,
    nextDue: paused ? null : dueAfter(terms, from),
    windowStart: dueAtOrBefore(terms, from) ?? from,
  })
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

function queryFile<T>(path: string, text: string): T[] {
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

const clock = (millis: Millis): string => new Date(millis).toISOString().slice(11, 19).replace(/:00$/, '')
/** `01:00 missed 0`: due, outcome and what was counted; a reported failure has `!`. */
const said = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ due, verdict, observed, reported }) => `${clock(due)}${reported ? '!' : ''} ${verdict} ${observed}`)
const outcomes = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ verdict }) => verdict)
const names = (events: readonly { name: string }[]): string[] => events.map(({ name }) => name)
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
const byBytes = (texts: readonly string[]): string[] => texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
const isFault = (error: unknown): boolean => error instanceof Fault && error.code === 'invalid'
const FIRST: Page = { limit: 1_000, cursor: null }

async function found(store: Store, { id }: Pick<Expectation, 'id'>): Promise<Expectation> {
  return (await store.findExpectation(id)) ?? assert.fail(`expectation ${id} is gone`)
}

/** What every database must do, whichever it is. */
export function contract(name: string, start: () => Promise<TestEngine>): void {
  describe(`the store on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await start()
    })
    after(() => engine.stop())

    const open: Open = async (t) => {
      const store = await engine.open()
      t.after(() => store.close())
      return store
    }
    describe('events', () => events(open))
    describe('lists of events', () => listsOfEvents(open))
    describe('environments and spans', () => environmentsAndSpans(open))
    describe('append', () => appending(open))
    describe('affirmations', () => affirmations(open))
    describe('expectations', () => expectations(open))
    describe('edits', () => edits(open))
    describe('pauses', () => pauses(open))
    describe('what is owed', () => owed(open))
    describe('what is counted', () => counting(open))
    describe('reported failures', () => reportedFailures(open))
    describe('late news', () => lateNews(open))
    describe('incidents', () => incidents(open))
    describe('lists of verdicts', () => listsOfVerdicts(open))
  })
}

/** A fresh, empty store that is closed after the test. */
type Open = (t: TestContext) => Promise<Store>

function events(open: Open): void {
  test('an event is found by its name and by its key, and by nothing else', async (t) => {
    const store = await open(t)
    const backup = await anEvent(store, 'backup', { key: 'af_23456789', description: 'nightly', tags: ['db', 'night'] })
    assert.deepEqual(backup, {
      id: backup.id,
      key: 'af_23456789',
      name: 'backup',
      description: 'nightly',
      tags: ['db', 'night'],
      createdAt: START,
    })
    assert.deepEqual(await store.findEvent('backup'), backup)
    assert.deepEqual(await store.findEvent('af_23456789'), backup)
    for (const other of ['Backup', 'back', 'backup ', 'b%', 'backu_', 'AF_23456789', "' or 1=1 --", ''])
      assert.equal(await store.findEvent(other), null, other)
  })

  test('a name that looks like a key never hides the event whose key it is', async (t) => {
    const store = await open(t)
    const own = await anEvent(store, 'af_aaaaaaaa', { key: 'af_aaaaaaaa' })
    assert.deepEqual(await store.findEvent('af_aaaaaaaa'), own)
    await anEvent(store, 'af_bbbbbbbb', { key: 'af_cccccccc' })
    const owner = await anEvent(store, 'owner', { key: 'af_bbbbbbbb' })
    assert.deepEqual(await store.findEvent('af_bbbbbbbb'), owner)
  })

  test('a taken name and a taken key are told apart, and nothing is made', async (t) => {
    const store = await open(t)
    const draft = { key: 'af_1', name: 'one', description: '', tags: [], createdAt: START }
    const one = await store.createEvent(draft)
    assert.equal(await store.createEvent({ ...draft, key: 'af_2' }), 'name-taken')
    assert.equal(await store.createEvent({ ...draft, name: 'two' }), 'key-taken')
    assert.equal(await store.createEvent(draft), 'name-taken')
    assert.equal(await store.findEvent('two'), null)
    assert.equal(await store.findEvent('af_2'), null)
    assert.deepEqual(await store.findEvent('one'), one)
  })

  test('a renamed event keeps its number, its key and its rows', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'old')
    await affirm(store, event, { at: at('01:00'), id: 'a' })
    const renamed = await store.updateEvent(event.id, { name: 'new', description: 'more', tags: ['x'] })
    assert.deepEqual(renamed, { ...event, name: 'new', description: 'more', tags: ['x'] })
    assert.equal(await store.findEvent('old'), null)
    assert.deepEqual(await store.findEvent('new'), renamed)
    assert.deepEqual(await store.findEvent(event.key), renamed)
    assert.deepEqual(await affirm(store, { ...event, name: 'new' }, { id: 'a' }), ['duplicate'])
    assert.equal((await store.affirmations({ ...event, name: 'new' }, {}, FIRST)).items[0]?.event, 'new')
  })

  test('a rename to a taken name is refused and changes nothing; its own name is not taken', async (t) => {
    const store = await open(t)
    const one = await anEvent(store, 'one')
    await anEvent(store, 'two')
    assert.equal(await store.updateEvent(one.id, { name: 'two', description: 'changed', tags: ['t'] }), 'name-taken')
    assert.deepEqual(await store.findEvent('one'), one)
    assert.deepEqual(await store.updateEvent(one.id, { ...one, description: 'changed' }), { ...one, description: 'changed' })
  })

  test('an event that is gone cannot be changed, nor deleted once more', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'gone')
    assert.equal(await store.deleteEvent(event.id), true)
    assert.equal(await store.deleteEvent(event.id), false)
    assert.equal(await store.updateEvent(event.id, event), null)
    assert.equal(await store.findEvent(event.key), null)
  })

  test('deleting frees the name, and a new event of that name starts empty', async (t) => {
    const store = await open(t)
    const old = await anEvent(store, 'job')
    const kept = await anEvent(store, 'kept')
    const expectation = await anExpectation(store, old, { tags: ['mine'] })
    const other = await anExpectation(store, kept)
    await affirm(store, old, { at: at('00:00:30'), id: 'a' }, { at: at('00:00:31'), status: 'fail', isNews: true })
    await judgeUpTo(store, at('00:03'))
    assert.equal(await store.deleteEvent(old.id), true)

    assert.equal(await store.findExpectation(expectation.id), null)
    assert.deepEqual(names((await store.listEvents({}, FIRST)).items), ['kept'])
    assert.deepEqual(
      (await store.listExpectations({}, FIRST)).items.map(({ id }) => id),
      [other.id],
    )
    assert.deepEqual(
      (await store.outline()).map(({ id }) => id),
      [other.id],
    )
    assert.deepEqual(await store.tags(), [])
    assert.equal(await store.countUnexpected(), 0)
    assert.deepEqual(new Set((await readAll((page) => store.verdicts({}, page))).map(({ event }) => event)), new Set(['kept']))
    assert.equal((await store.nextCheck())?.expectations, 1)

    const born = await anEvent(store, 'job')
    assert.notEqual(born.id, old.id)
    await anExpectation(store, born, { from: at('01:00') })
    assert.deepEqual((await store.affirmations(born, {}, FIRST)).items, [])
    assert.deepEqual(await store.counts(born, undefined, { from: 0, to: at('23:00') }, HOUR), [])
    assert.deepEqual(await store.lastOfEvents([born.id]), new Map())
    assert.equal(await settle(store, at('01:00')), 1, 'the news of the old one is taken')
    assert.deepEqual(await readAll((page) => store.verdicts({ from: START + 31 * SECOND, to: START + MINUTE }, page)), [])
    assert.deepEqual(await affirm(store, born, { id: 'a' }), ['stored'])
    assert.deepEqual(await affirm(store, old, { id: 'b' }), ['gone'])
  })

  test('names come back as they are: quotes, marks of SQL, any script', async (t) => {
    const store = await open(t)
    for (const name of [
      '"quoted"',
      "o'clock",
      '100%',
      'a_b',
      'back\\slash',
      'Ärger',
      '日本語',
      '👩‍🚀',
      '; drop table events; --',
      ' ',
    ]) {
      const event = await anEvent(store, name, { description: `about ${name}\n${name}` })
      assert.equal(event.name, name)
      assert.deepEqual(await store.findEvent(name), event)
      await affirm(store, event, { source: name })
      assert.deepEqual((await store.affirmations(event, { source: name }, FIRST)).items[0]?.source, name)
    }
  })
}

function listsOfEvents(open: Open): void {
  const NAMES = [
    'b',
    'B',
    'a',
    'A',
    'a1',
    'a-1',
    'a.1',
    'a_1',
    'a:1',
    'aB',
    'ab',
    'Zulu',
    'zulu',
    'é',
    'ß',
    'z\uff5e',
    'z\u{1f600}',
    '"q"',
  ]

  test('are in the order of bytes, with no event twice or lost from page to page', async (t) => {
    const store = await open(t)
    for (const name of NAMES) await anEvent(store, name)
    for (const limit of [1, 4, NAMES.length, 100])
      assert.deepEqual(names(await readAll((page) => store.listEvents({}, page), limit)), byBytes(NAMES))
    assert.deepEqual(await store.eventNames(), byBytes(NAMES))
  })

  test('lose nothing when names come and go while they are read', async (t) => {
    const store = await open(t)
    for (const name of ['b', 'd', 'f', 'h']) await anEvent(store, name)
    const first = await store.listEvents({}, { limit: 2, cursor: null })
    await anEvent(store, 'a')
    await anEvent(store, 'e')
    await store.deleteEvent(first.items[1]?.id ?? 0)
    assert.deepEqual(names((await store.listEvents({}, { limit: 9, cursor: first.next })).items), ['e', 'f', 'h'])
  })

  test('filter by text in name or description in any case, or the whole key, with nothing in it a wildcard', async (t) => {
    const store = await open(t)
    await anEvent(store, '100%_done')
    await anEvent(store, '100x1done')
    await anEvent(store, 'back\\slash')
    await anEvent(store, `say_"hi"_o'clock`)
    await anEvent(store, 'Nightly', { key: 'af_Night123', description: 'Ärger mit dem BACKUP' })
    const search = async (q: string) => names((await store.listEvents({ q }, FIRST)).items)
    assert.deepEqual(await search('0%'), ['100%_done'])
    assert.deepEqual(await search('%_d'), ['100%_done'])
    assert.deepEqual(await search('0_'), [])
    assert.deepEqual(await search('%'), ['100%_done'])
    assert.deepEqual(await search('\\'), ['back\\slash'])
    assert.deepEqual(await search('"HI"'), [`say_"hi"_o'clock`])
    assert.deepEqual(await search("o'c"), [`say_"hi"_o'clock`])
    assert.deepEqual(await search('nightLY'), ['Nightly'])
    assert.deepEqual(await search('backup'), ['Nightly'])
    assert.deepEqual(await search('Ärger'), ['Nightly'])
    assert.deepEqual(await search('af_Night123'), ['Nightly'])
    assert.deepEqual(await search('af_Night12'), [])
    assert.equal((await search('')).length, 5)
  })

  test('filter by exactly one tag', async (t) => {
    const store = await open(t)
    await anEvent(store, 'a', { tags: ['team', 'db'] })
    await anEvent(store, 'b', { tags: ['Team'] })
    await anEvent(store, 'c', { tags: ['team/ops', 'x_y'] })
    await anEvent(store, 'd', { tags: ['xzy'] })
    const tagged = async (tag: string) => names((await store.listEvents({ tag }, FIRST)).items)
    assert.deepEqual(await tagged('team'), ['a'])
    assert.deepEqual(await tagged('Team'), ['b'])
    assert.deepEqual(await tagged('db'), ['a'])
    assert.deepEqual(await tagged('x_y'), ['c'])
    for (const none of ['t%', '%', 'te_m', 'eam', '"team"', 'team","db', "'", '\\'])
      assert.deepEqual(await tagged(none), [], none)
  })

  test('filter by where it happened and by whether it is expected, and count expectations', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    await anEvent(store, 'three')
    await affirm(store, one, { env: 'prod' }, { env: 'staging' })
    await affirm(store, two, { env: 'staging' })
    await anExpectation(store, one)
    await anExpectation(store, one, { env: 'staging' })
    const list = async (filter: Parameters<Store['listEvents']>[0]) => names((await store.listEvents(filter, FIRST)).items)
    assert.deepEqual(await list({ env: 'prod' }), ['one'])
    assert.deepEqual(await list({ env: 'staging' }), ['one', 'two'])
    assert.deepEqual(await list({ env: 'nowhere' }), [])
    assert.deepEqual(await list({ isUnexpected: true }), ['three', 'two'])
    assert.deepEqual(await list({ isUnexpected: true, env: 'staging', q: 'T' }), ['two'])
    assert.equal(await store.countUnexpected(), 2)
    assert.deepEqual(
      (await store.listEvents({}, FIRST)).items.map(({ name, expectations }) => [name, expectations]),
      [
        ['one', 2],
        ['three', 0],
        ['two', 0],
      ],
    )
  })

  test('tags are those of events and expectations, each once, sorted', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one', { tags: ['b', 'a'] })
    await anEvent(store, 'two', { tags: ['b'] })
    await anExpectation(store, event, { tags: ['c', 'a'] })
    assert.deepEqual(await store.tags(), ['a', 'b', 'c'])
  })

  test('the last affirmation of an event is the latest in any environment', async (t) => {
    const store = await open(t)
    const [one, two, three] = [await anEvent(store, 'one'), await anEvent(store, 'two'), await anEvent(store, 'three')]
    await affirm(store, one, { at: at('02:00'), env: 'staging', source: 'late' }, { at: at('01:00'), source: 'early' })
    await affirm(store, two, { at: at('01:00'), source: 'first' }, { at: at('01:00'), source: 'second', status: 'log' })
    assert.deepEqual(
      await store.lastOfEvents([one.id, two.id, three.id]),
      new Map([
        [one.id, { at: at('02:00'), source: 'late' }],
        [two.id, { at: at('01:00'), source: 'second' }],
      ]),
    )
    assert.deepEqual(await store.lastOfEvents([]), new Map())
  })

  test('a cursor that is none of theirs is a fault', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const code = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const lists: ((cursor: string) => Promise<unknown>)[] = [
      (cursor) => store.listEvents({}, { limit: 1, cursor }),
      (cursor) => store.listExpectations({}, { limit: 1, cursor }),
      (cursor) => store.affirmations(event, {}, { limit: 1, cursor }),
      (cursor) => store.affirmationsUpwards(event, {}, { limit: 1, cursor }),
      (cursor) => store.verdicts({}, { limit: 1, cursor }),
    ]
    await store.environment('prod')
    for (const list of lists)
      for (const cursor of [
        '',
        'x',
        '💥',
        "' or 1=1",
        code({}),
        code(1),
        code([]),
        code([1.5, 2, 3]),
        code([1, 2, 3, 4]),
        code([null]),
      ])
        await assert.rejects(list(cursor), isFault, `${lists.indexOf(list)}: ${cursor}`)
  })
}

function environmentsAndSpans(open: Open): void {
  test('an environment keeps its number, and a new name gets one', async (t) => {
    const store = await open(t)
    const [prod, staging] = [await store.environment('prod'), await store.environment('staging')]
    assert.notEqual(prod, staging)
    assert.equal(await store.environment('prod'), prod)
    assert.notEqual(await store.environment('Prod'), prod)
    assert.deepEqual(await store.environments(), ['Prod', 'prod', 'staging'])
  })

  test('a span begins empty, is extended and never cut', async (t) => {
    const store = await open(t)
    const all = { from: 0, to: at('23:00') }
    const id = await store.openSpan('a', at('01:00'))
    await store.extendSpan(id, at('01:05'))
    await store.extendSpan(id, at('01:03'))
    assert.deepEqual(await store.spans(all), [{ from: at('01:00'), to: at('01:05') }])
    await store.extendSpan(await store.openSpan('b', at('00:30')), at('01:30'))
    await store.extendSpan(id + 1_000, at('02:00'))
    assert.deepEqual(await store.spans(all), [
      { from: at('00:30'), to: at('01:30') },
      { from: at('01:00'), to: at('01:05') },
    ])
  })

  test('spans that only meet the window at its edge are left out', async (t) => {
    const store = await open(t)
    const span = { from: at('01:00'), to: at('01:05') }
    await store.extendSpan(await store.openSpan('a', span.from), span.to)
    assert.deepEqual(await store.spans({ from: at('01:05'), to: at('02:00') }), [])
    assert.deepEqual(await store.spans({ from: at('00:00'), to: at('01:00') }), [])
    assert.deepEqual(await store.spans({ from: at('01:05') - 1, to: at('02:00') }), [span])
    assert.deepEqual(await store.spans({ from: at('00:00'), to: at('01:00') + 1 }), [span])
    assert.deepEqual(await store.spans({ from: at('01:01'), to: at('01:02') }), [span])
  })
}

function appending(open: Open): void {
  test('an event that was renamed is not the one that was meant; its key still is', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'before')
    await store.updateEvent(event.id, { name: 'after', description: '', tags: [] })
    const [byOldName] = await rowsOf(store, event, [{ isNews: true }])
    const [byName, byKey] = [
      ...(await rowsOf(store, { id: event.id, name: 'after' }, [{}])),
      ...(await rowsOf(store, { id: event.id, name: event.key }, [{}])),
    ]
    assert.ok(byOldName && byName && byKey)
    assert.deepEqual(await store.append([byOldName, byName, byKey, byOldName]), ['gone', 'stored', 'stored', 'gone'])
    assert.equal((await store.affirmations({ ...event, name: 'after' }, {}, FIRST)).items.length, 2)
    assert.equal(await store.settleNews(START, 10, () => []), 0)
  })

  test('texts are kept as they are, whatever stands in them', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'job')
    const texts = ['NULL', '"', '\\', '\\"', '{}', '{a,b}', ',', ' a ', '\n\t', "'", '$1', 'é😀', '%s', '']
    const told = texts.map((text, i) => ({ source: text, value: JSON.stringify(text), id: `${i}${text}`, at: START + i }))
    assert.deepEqual(new Set(await affirm(store, event, ...told)), new Set(['stored']))
    const { items } = await store.affirmationsUpwards(event, {}, FIRST)
    assert.deepEqual(
      items.map(({ source, value, clientId }) => [source, value, clientId]),
      told.map(({ source, value, id }) => [source, value, id]),
    )
    assert.deepEqual(new Set(await affirm(store, event, ...told)), new Set(['duplicate']))
  })

  test('answers come in the order of the rows, one each', async (t) => {
    const store = await open(t)
    const [event, gone] = [await anEvent(store, 'here'), await anEvent(store, 'gone')]
    await store.deleteEvent(gone.id)
    await affirm(store, event, { id: 'old' })
    const [fine] = await rowsOf(store, event, [{}])
    const [lost] = await rowsOf(store, gone, [{ id: 'new' }])
    const [again, fresh] = await rowsOf(store, event, [{ id: 'old' }, { id: 'new' }])
    assert.ok(fine && lost && again && fresh)
    assert.deepEqual(await store.append([lost, fine, again, fresh, again, fine, lost, fresh]), [
      'gone',
      'stored',
      'duplicate',
      'stored',
      'duplicate',
      'stored',
      'gone',
      'duplicate',
    ])
    assert.equal((await store.affirmations(event, {}, FIRST)).items.length, 4)
    assert.deepEqual((await store.affirmations(gone, {}, FIRST)).items, [])
    assert.deepEqual(await store.append([]), [])
  })

  test('a client id counts once for its event and environment, and anew for another of them', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one'), await anEvent(store, 'two')]
    assert.deepEqual(await affirm(store, one, { id: 'x', at: at('01:00') }), ['stored'])
    assert.deepEqual(await affirm(store, one, { id: 'x', at: at('02:00'), status: 'fail', source: 'other' }), ['duplicate'])
    assert.deepEqual(await affirm(store, one, { id: 'x', env: 'staging' }), ['stored'])
    assert.deepEqual(await affirm(store, two, { id: 'x' }), ['stored'])
    assert.deepEqual(await affirm(store, one, { id: 'X' }, { id: 'x ' }, { id: '' }), ['stored', 'stored', 'stored'])
    const [kept] = (await store.affirmations(one, { env: 'prod', from: at('01:00') }, FIRST)).items
    assert.deepEqual([kept?.at, kept?.status, kept?.source, kept?.clientId], [at('01:00'), 'ok', 'test', 'x'])
  })

  test('of one client id many times in a batch the first is stored', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    assert.deepEqual(
      await affirm(store, event, { id: 'x', value: '1' }, { id: 'x', value: '2' }, { id: 'y' }, { id: 'x', value: '3' }),
      ['stored', 'duplicate', 'stored', 'duplicate'],
    )
    assert.deepEqual(
      (await store.affirmationsUpwards(event, {}, FIRST)).items.map(({ value, clientId }) => [value, clientId]),
      [
        ['1', 'x'],
        [null, 'y'],
      ],
    )
  })

  test('rows without a client id are all stored, however alike', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    assert.deepEqual(await affirm(store, event, {}, {}, {}), ['stored', 'stored', 'stored'])
    assert.equal((await store.affirmations(event, {}, FIRST)).items.length, 3)
  })

  test('a stored row that is news is told once; a duplicate, a gone and an ordinary one never', async (t) => {
    const store = await open(t)
    const [event, gone] = [await anEvent(store, 'one'), await anEvent(store, 'gone')]
    await store.deleteEvent(gone.id)
    await affirm(store, event, {}, { id: 'a' }, { isNews: true }, { id: 'b', isNews: true })
    assert.equal(await settle(store, at('01:00')), 2)
    await affirm(store, event, { id: 'a', isNews: true }, { id: 'b', isNews: true })
    await affirm(store, gone, { isNews: true })
    assert.equal(await settle(store, at('01:00')), 0)
  })

  test('a duplicate within its own batch is not told either', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    await affirm(
      store,
      event,
      { id: 'x' },
      { id: 'x', status: 'fail', isNews: true },
      { id: 'y', isNews: true },
      { id: 'y', isNews: true },
    )
    assert.equal(await settle(store, at('01:00')), 1)
    assert.deepEqual(await verdictsOf(store, expectation), [])
  })

  test('a batch of thousands is stored in its order', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const told = times(6_000, (i) => ({ id: i % 3 === 0 ? null : `id ${i % 4_000}`, value: `${i}` }))
    const answers = await affirm(store, event, ...told)
    const seen = new Set<string>()
    const expected = told.map(({ id }) => {
      const isNew = id === null || !seen.has(id)
      if (id !== null) seen.add(id)
      return isNew ? 'stored' : 'duplicate'
    })
    assert.deepEqual(answers, expected)
    const kept = await readAll((page) => store.affirmationsUpwards(event, {}, page))
    assert.deepEqual(
      kept.map(({ value }) => value),
      told.flatMap(({ value }, i) => (expected[i] === 'stored' ? [value] : [])),
    )
  })

  test('all that is given comes back byte for byte', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const values = [
      null,
      'null',
      '""',
      '"\\u0000"',
      `"quoted \\"text\\" and 'more' \\\\ %_"`,
      '123456789012345678901234567890',
      '1.0',
      ' {"a" : 1,\n"a":2} ',
      JSON.stringify('Ärger 日本語 👩‍🚀 \u2028 \u{10ffff}'),
      JSON.stringify('x'.repeat(64 * 1024 - 2)),
      JSON.stringify('日'.repeat(21_844)),
    ]
    const told = values.map((value, i) => ({ value, at: START + i, source: `s "${i}" 👩‍🚀`, id: `id '${i}' é` }))
    await affirm(store, event, ...told)
    const kept = (await store.affirmationsUpwards(event, {}, FIRST)).items
    assert.deepEqual(
      kept.map(({ value, at, source, clientId }) => ({ value, at, source, id: clientId })),
      told,
    )
  })

  test('instants keep every millisecond as far as dates go', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const instants = [0, 1, 2 ** 31, 2 ** 32 + 1, at('01:00') + 1, 8.64e15 - 1, 8.64e15]
    await affirm(store, event, ...instants.map((at) => ({ at })))
    const kept = await readAll((page) => store.affirmationsUpwards(event, {}, page), 2)
    assert.deepEqual(
      kept.map(({ at }) => at),
      instants,
    )
  })
}

function affirmations(open: Open): void {
  /** 30 rows on 4 instants in 3 environments. */
  async function aCrowd(store: Store): Promise<Event> {
    const event = await anEvent(store, 'crowd')
    await affirm(store, await anEvent(store, 'other'), ...times(5, (i) => ({ at: at('01:00') + (i % 4) })))
    const envs = ['prod', 'staging', 'test']
    const statuses: Status[] = ['log', 'ok', 'fail']
    const told = times(30, (i) => ({
      at: at('01:00') + ((i * 7) % 4),
      env: envs[i % 3] ?? '',
      status: statuses[i % 5] ?? 'start',
    }))
    await affirm(store, event, ...told)
    return event
  }
  const inOrder = (items: readonly { at: Millis; id: number }[]) => items.toSorted((a, b) => a.at - b.at || a.id - b.id)

  test('are read in both directions, equal instants and all, none twice and none lost', async (t) => {
    const store = await open(t)
    const event = await aCrowd(store)
    for (const limit of [1, 2, 3, 7, 29, 30, 31]) {
      const up = await readAll((page) => store.affirmationsUpwards(event, {}, page), limit)
      assert.equal(new Set(up.map(({ id }) => id)).size, 30)
      assert.deepEqual(up, inOrder(up))
      assert.deepEqual(await readAll((page) => store.affirmations(event, {}, page), limit), up.toReversed())
    }
  })

  test('lose nothing when newer ones arrive while they are read', async (t) => {
    const store = await open(t)
    const event = await aCrowd(store)
    const all = await readAll((page) => store.affirmations(event, {}, page))
    const first = await store.affirmations(event, {}, { limit: 10, cursor: null })
    await affirm(store, event, { at: at('02:00') }, { at: at('02:00'), env: 'new' })
    const rest = await store.affirmations(event, {}, { limit: 100, cursor: first.next })
    assert.deepEqual([...first.items, ...rest.items], all)
    assert.equal(rest.next, null)
  })

  test('as a stream: what comes later is after the cursor', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'stream')
    await affirm(store, event, ...times(3, () => ({ at: at('01:00') })))
    const first = await store.affirmationsUpwards(event, { from: at('01:00') }, { limit: 2, cursor: null })
    await affirm(store, event, { at: at('01:00'), value: '"same instant"' }, { at: at('01:01'), value: '"later"' })
    const rest = await store.affirmationsUpwards(event, { from: at('01:00') }, { limit: 9, cursor: first.next })
    assert.deepEqual(
      rest.items.map(({ value }) => value),
      [null, '"same instant"', '"later"'],
    )
  })

  test('are filtered by environment, status, source and a half-open span, alone and together', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await affirm(
      store,
      event,
      { at: at('01:00'), value: 'a' },
      { at: at('02:00'), value: 'b', status: 'fail', source: 'web_1' },
      { at: at('03:00'), value: 'c', status: 'start', source: 'web%1', env: 'staging' },
      { at: at('04:00'), value: 'd', status: 'log', source: 'web_1', env: 'staging' },
    )
    const list = async (filter: Parameters<Store['affirmations']>[1]) => {
      const down = await readAll((page) => store.affirmations(event, filter, page), 1)
      assert.deepEqual(await readAll((page) => store.affirmationsUpwards(event, filter, page), 2), down.toReversed())
      return down.map(({ value }) => value).join('')
    }
    assert.equal(await list({}), 'dcba')
    assert.equal(await list({ env: 'staging' }), 'dc')
    assert.equal(await list({ env: 'nowhere' }), '')
    assert.equal(await list({ status: 'fail' }), 'b')
    assert.equal(await list({ source: 'web_1' }), 'db')
    assert.equal(await list({ source: 'web%' }), '')
    assert.equal(await list({ from: at('02:00') }), 'dcb')
    assert.equal(await list({ to: at('02:00') }), 'a')
    assert.equal(await list({ from: at('02:00'), to: at('04:00'), env: 'prod', status: 'fail', source: 'web_1' }), 'b')
    assert.equal(await list({ from: at('03:00'), env: 'prod' }), '')
  })

  test('are counted in buckets of epoch time, ok and fail apart, empty buckets left out', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    await affirm(store, other, { at: at('01:00') })
    await affirm(
      store,
      event,
      { at: at('01:00') - 1 },
      { at: at('01:00') },
      { at: at('01:59:59.999') },
      { at: at('01:30'), status: 'fail' },
      { at: at('01:30'), status: 'start' },
      { at: at('02:30'), status: 'log' },
      { at: at('03:00'), env: 'staging' },
      { at: at('04:00'), status: 'fail' },
      { at: at('05:00') },
    )
    const window = { from: at('01:00'), to: at('05:00') }
    assert.deepEqual(await store.counts(event, undefined, window, HOUR), [
      { from: at('01:00'), ok: 2, fail: 1 },
      { from: at('03:00'), ok: 1, fail: 0 },
      { from: at('04:00'), ok: 0, fail: 1 },
    ])
    assert.deepEqual(await store.counts(event, 'staging', window, HOUR), [{ from: at('03:00'), ok: 1, fail: 0 }])
    assert.deepEqual(await store.counts(event, 'nowhere', window, HOUR), [])
  })

  test('the last one of an expectation is of its event and environment', async (t) => {
    const store = await open(t)
    const [event, silent] = [await anEvent(store, 'one'), await anEvent(store, 'silent')]
    const prod = await anExpectation(store, event)
    const staging = await anExpectation(store, event, { env: 'staging' })
    const never = await anExpectation(store, silent)
    await affirm(store, event, { at: at('01:00'), source: 'a' }, { at: at('01:00'), source: 'b', status: 'log' })
    await affirm(store, event, { at: at('00:30'), source: 'early' }, { at: at('03:00'), source: 's', env: 'staging' })
    assert.deepEqual(
      await store.lastAffirmations([prod.id, staging.id, never.id]),
      new Map([
        [prod.id, { at: at('01:00'), source: 'b' }],
        [staging.id, { at: at('03:00'), source: 's' }],
      ]),
    )
    assert.deepEqual(await store.lastAffirmations([]), new Map())
  })

  test('clearing takes steps of the limit, and only what is of that event and before that instant', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    await affirm(store, other, { at: at('00:30') })
    await affirm(store, event, ...times(25, (i) => ({ at: at('00:30') + i, env: i % 2 === 0 ? 'prod' : 'staging' })), {
      at: at('01:00'),
    })
    const steps: number[] = []
    while (steps.at(-1) !== 0) steps.push(await store.clearAffirmations(event.id, at('01:00'), 10))
    assert.deepEqual(steps, [10, 10, 5, 0])
    assert.deepEqual(
      (await store.affirmations(event, {}, FIRST)).items.map((one) => one.at),
      [at('01:00')],
    )
    assert.equal((await store.affirmations(other, {}, FIRST)).items.length, 1)
  })
}

function expectations(open: Open): void {
  test('an expectation is kept as it was declared', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'etl')
    const terms = someTerms({
      schedule: '*/5 * * * *',
      timeZone: 'Europe/Berlin',
      atLeast: 0,
      atMost: 1_000_000_000,
      count: 'sources',
      lookback: '366d',
      grace: '2m',
      where: { source: 'web-"*"', path: '$["odd é"]', equals: "it's" },
      ignoreFailures: true,
    })
    const made = await store.createExpectation({
      eventId: event.id,
      env: 'staging',
      tags: ['a', 'b'],
      terms,
      pausedAt: null,
      createdAt: at('00:01'),
      nextDue: at('00:05'),
      windowStart: START,
    })
    assert.deepEqual(made, {
      id: made.id,
      eventId: event.id,
      event: 'etl',
      eventKey: event.key,
      env: 'staging',
      tags: ['a', 'b'],
      terms,
      createdAt: at('00:01'),
      since: at('00:01'),
      pausedAt: null,
      nextDue: at('00:05'),
      checkAt: at('00:05'),
      lastDue: null,
      lastVerdict: null,
      openIncident: null,
    })
    assert.deepEqual(await store.findExpectation(made.id), made)
    assert.deepEqual((await store.listExpectations({}, FIRST)).items, [made])
    assert.equal(await store.findExpectation(made.id + 1), null)
  })

  test('an expectation of an event that is gone is not made', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    await store.deleteEvent(event.id)
    await assert.rejects(anExpectation(store, event))
    assert.equal(await store.nextCheck(), null)
    assert.deepEqual(await judgeUpTo(store, at('01:00')), [])
  })

  test('a deleted one is gone at once, with its verdicts and its next check', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    await judgeUpTo(store, at('00:02'))
    assert.equal(await store.deleteExpectation(expectation.id), true)
    assert.equal(await store.deleteExpectation(expectation.id), false)
    assert.equal(await store.findExpectation(expectation.id), null)
    assert.deepEqual((await store.verdicts({}, FIRST)).items, [])
    assert.equal(await store.nextCheck(), null)
    assert.equal(await store.countUnexpected(), 1)
    const edit = { terms: null, env: 'prod', tags: [], nextDue: null, at: at('01:00') }
    assert.equal(await store.editExpectation(expectation.id, edit), null)
    assert.equal(await store.pauseExpectation(expectation.id, at('01:00')), null)
    const to = { since: 0, nextDue: null, windowStart: 0, at: 0 }
    assert.equal(await store.resumeExpectation(expectation.id, to), null)
    assert.notEqual((await anExpectation(store, event)).id, expectation.id, 'its number is not used again')
  })

  test('the list is by number, filtered by event, environment, tag and number, page by page', async (t) => {
    const store = await open(t)
    const [one, two] = [await anEvent(store, 'one', { tags: ['of-event'] }), await anEvent(store, 'two')]
    const a = await anExpectation(store, one, { tags: ['x_y'] })
    const b = await anExpectation(store, one, { env: 'staging', tags: ['Own', 'own2'] })
    const c = await anExpectation(store, two, { tags: ['own'] })
    const list = async (filter: Parameters<Store['listExpectations']>[0]) =>
      (await readAll((page) => store.listExpectations(filter, page), 1)).map(({ id }) => id)
    assert.deepEqual(await list({}), [a.id, b.id, c.id])
    assert.deepEqual(await list({ eventId: one.id }), [a.id, b.id])
    assert.deepEqual(await list({ env: 'prod' }), [a.id, c.id])
    assert.deepEqual(await list({ tag: 'of-event' }), [a.id, b.id])
    assert.deepEqual(await list({ tag: 'own' }), [c.id])
    assert.deepEqual(await list({ tag: 'Own', env: 'staging' }), [b.id])
    for (const none of ['x%', '%', 'xzy', '"', 'Own","own2', '']) assert.deepEqual(await list({ tag: none }), [], none)
    assert.deepEqual(await list({ ids: [c.id, a.id, 999] }), [a.id, c.id])
    assert.deepEqual(await list({ ids: [] }), [])
  })

  test('the outline is by event, environment and number, in the order of bytes', async (t) => {
    const store = await open(t)
    const [zulu, alpha] = [await anEvent(store, 'Zulu', { tags: ['e'] }), await anEvent(store, 'alpha')]
    const a = await anExpectation(store, alpha, { env: 'prod', tags: ['x'] })
    const b = await anExpectation(store, alpha, { env: 'Dev' })
    const c = await anExpectation(store, zulu)
    const d = await anExpectation(store, alpha, { env: 'prod', paused: true })
    const outline = await store.outline()
    assert.deepEqual(
      outline.map(({ id }) => id),
      [c.id, b.id, a.id, d.id],
    )
    assert.deepEqual((await store.kinds()).map((kind) => [stateOf(kind), kind.count]).sort(), [
      ['paused', 1],
      ['waiting', 3],
    ])
    for (const line of outline) {
      const { eventTags, ...rest } = line
      const whole = await found(store, line)
      assert.deepEqual({ ...whole, ...rest }, whole)
      assert.deepEqual(eventTags, line.event === 'Zulu' ? ['e'] : [])
    }
  })

  test('the list of a state holds just those that are in it', async (t) => {
    const store = await open(t)
    const [good, bad] = [await anEvent(store, 'good'), await anEvent(store, 'bad')]
    await affirm(store, good, { at: at('00:59:30') })
    await anExpectation(store, good, { schedule: '0 * * * *', lookback: '30m' })
    await anExpectation(store, bad, { schedule: '0 * * * *', lookback: '30m' })
    await anExpectation(store, bad, { schedule: '0 * * * *', lookback: '2h' })
    await anExpectation(store, bad, { schedule: '0 * * * *', lookback: '30m', grace: '30m' })
    await anExpectation(store, bad, { schedule: '0 2 * * *' })
    await anExpectation(store, bad, { paused: true })
    await judgeUpTo(store, at('01:00'))
    const states = (await store.listExpectations({}, FIRST)).items.map(stateOf)
    assert.deepEqual(states, ['met', 'missed', 'unknown', 'late', 'waiting', 'paused'])
    const kinds = await store.kinds()
    assert.deepEqual(kinds.flatMap((kind) => Array.from({ length: kind.count }, () => stateOf(kind))).sort(), states.toSorted())
    for (const state of STATES)
      assert.deepEqual((await store.listExpectations({ state }, FIRST)).items.map(stateOf), [state], 'one of each')
  })
}

function edits(open: Open): void {
  type Change = Parameters<typeof someTerms>[0] & { env?: string; tags?: string[] }
  const edit = (store: Store, { id }: Expectation, now: Millis, { env = 'prod', tags = [], ...some }: Change) => {
    const terms = someTerms(some)
    return store.editExpectation(id, { terms, env, tags, nextDue: dueAfter(terms, now), at: now })
  }

  test('new terms hold from the next due on', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:10'))
    const to = { schedule: '0 * * * *', atLeast: 0, atMost: 7, lookback: '10m' }
    const edited = await edit(store, expectation, at('00:12'), { ...to, tags: ['new'] })
    assert.deepEqual(edited?.terms, someTerms(to))
    assert.deepEqual([edited?.tags, edited?.nextDue, edited?.checkAt], [['new'], at('01:00'), at('01:00')])
    assert.equal(edited?.since, START, 'an edit resets no timer')
    await judgeUpTo(store, at('02:00'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), [
      '00:05 missed 0',
      '00:10 missed 0',
      '01:00 met 0',
      '02:00 met 0',
    ])
  })

  test('a verdict keeps the limits it was judged by', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', atLeast: 3, atMost: 4, lookback: '5m' })
    await judgeUpTo(store, at('00:05'))
    const before = await verdictsOf(store, expectation)
    await edit(store, expectation, at('00:07'), { schedule: '*/5 * * * *', atLeast: 0, lookback: '5m', env: 'staging' })
    assert.deepEqual(await verdictsOf(store, expectation), before)
    await judgeUpTo(store, at('00:10'))
    const listed = (await store.verdicts({}, FIRST)).items
    assert.deepEqual(
      listed.map(({ atLeast, atMost, env }) => [atLeast, atMost, env]),
      [
        [0, null, 'staging'],
        [3, 4, 'prod'],
      ],
    )
    assert.deepEqual(said((await store.verdicts({ env: 'prod' }, FIRST)).items), ['00:05 missed 0'])
  })

  test('a due that has passed unjudged is judged by the old terms, the ones after it by the new', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', atLeast: 2, lookback: '5m' })
    await affirm(store, event, { at: at('00:04') }, { at: at('00:14'), env: 'staging' })
    // Nothing was judged at 00:05 and 00:10.
    const edited = await edit(store, expectation, at('00:11'), { schedule: '*/5 * * * *', lookback: '5m', env: 'staging' })
    assert.deepEqual([edited?.nextDue, edited?.checkAt], [at('00:05'), at('00:05')])
    assert.deepEqual([edited?.terms.atLeast, edited?.env], [1, 'staging'])
    await judgeUpTo(store, at('00:20'))
    const verdicts = await verdictsOf(store, expectation)
    assert.deepEqual(said(verdicts), ['00:05 missed 1', '00:10 missed 0', '00:15 met 1', '00:20 missed 0'])
    assert.deepEqual(
      verdicts.map(({ atLeast }) => atLeast),
      [2, 2, 1, 1],
    )
  })

  test('a due in its grace keeps its terms, and the new schedule takes over after it', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '10m', grace: '20m' })
    await judgeUpTo(store, at('01:05'))
    await edit(store, expectation, at('01:10'), { schedule: '*/30 * * * *', lookback: '1m', atLeast: 5 })
    await affirm(store, event, { at: at('01:15') })
    await judgeUpTo(store, at('01:30'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1', '01:30 missed 0'])
  })

  test('an edit of nothing but tags leaves terms, dues and times as they are', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', grace: '20m' })
    await judgeUpTo(store, at('01:05'))
    const before = await found(store, expectation)
    const edit = { terms: null, env: 'prod', tags: ['t'], nextDue: at('09:00'), at: at('01:06') }
    assert.deepEqual(await store.editExpectation(expectation.id, edit), { ...before, tags: ['t'] })
  })

  test('an edit of a paused one leaves it paused', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { paused: true })
    const edited = await edit(store, expectation, at('01:00'), { schedule: '*/5 * * * *' })
    assert.deepEqual([edited?.pausedAt, edited?.nextDue, edited?.checkAt], [START, null, null])
    assert.equal(edited?.terms.expression, '*/5 * * * *')
    assert.deepEqual(await judgeUpTo(store, at('02:00')), [])
  })
}

function pauses(open: Open): void {
  const resume = (store: Store, { id }: Expectation, now: Millis, nextDue: Millis | null) =>
    store.resumeExpectation(id, { since: now, nextDue, windowStart: now, at: now })

  test('a paused expectation owes nothing, and its pause begins once', async (t) => {
    const store = await open(t)
    const expectation = await anExpectation(store, await anEvent(store, 'one'))
    const paused = await store.pauseExpectation(expectation.id, at('00:05'))
    assert.deepEqual(paused, { ...expectation, pausedAt: at('00:05'), nextDue: null, checkAt: null })
    assert.deepEqual(await store.pauseExpectation(expectation.id, at('00:06')), paused)
    assert.equal(await store.nextCheck(), null)
    assert.deepEqual(await judgeUpTo(store, at('01:00')), [])
  })

  test('a resumed one begins anew at the due it is given; resuming what runs changes nothing', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, { at: at('02:10') }, { at: at('02:40') })
    assert.deepEqual(await resume(store, expectation, at('00:30'), at('05:00')), expectation)
    await store.pauseExpectation(expectation.id, at('00:30'))
    const resumed = await resume(store, expectation, at('02:30'), at('03:00'))
    assert.deepEqual(resumed, { ...expectation, since: at('02:30'), nextDue: at('03:00'), checkAt: at('03:00') })
    const [verdict] = await judgeUpTo(store, at('03:00'))
    assert.deepEqual(verdict?.window, { from: at('02:30'), to: at('03:00') })
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['03:00 met 1'])
  })

  test('what a grace has counted is not counted again after a pause', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', grace: '20m', atLeast: 2 })
    await affirm(store, event, { at: at('01:10') }, { at: at('01:15') })
    await judgeUpTo(store, at('01:20'))
    await store.pauseExpectation(expectation.id, at('01:21'))
    const to = { since: START, nextDue: at('02:00'), windowStart: at('01:00'), at: at('01:22') }
    await store.resumeExpectation(expectation.id, to)
    await judgeUpTo(store, at('02:30'))
    const [first, second] = await verdictsOf(store, expectation)
    assert.deepEqual([first?.observed, first?.window.to], [2, at('01:20')])
    assert.deepEqual([second?.observed, second?.window.from], [0, at('01:20')])
  })
}

function owed(open: Open): void {
  test('every due gets its verdict once, in order, however often it is asked', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    const first = await judgeUpTo(store, at('00:20'))
    assert.deepEqual(said(first), ['00:05 missed 0', '00:10 missed 0', '00:15 missed 0', '00:20 missed 0'])
    assert.deepEqual(await judgeUpTo(store, at('00:20')), [])
    assert.deepEqual(await judgeUpTo(store, at('00:24:59.999')), [])
    assert.deepEqual(await verdictsOf(store, expectation), first)
    const { nextDue, checkAt, lastDue, lastVerdict } = await found(store, expectation)
    assert.deepEqual([nextDue, checkAt, lastDue, lastVerdict], [at('00:25'), at('00:25'), at('00:20'), 'missed'])
  })

  test('a verdict says all that it was judged by', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '20m', atLeast: 2, atMost: 3 })
    const spans = [{ from: START, to: at('00:59') }]
    const { claimed, verdicts } = await store.concludeOwed(at('01:00'), at('01:00:02'), 10, decideAt(at('01:00'), spans))
    assert.equal(claimed, 1)
    assert.deepEqual(verdicts, [
      {
        expectation: expectation.id,
        due: at('01:00'),
        reported: false,
        verdict: 'missed',
        reason: 'too-few',
        observed: 0,
        atLeast: 2,
        atMost: 3,
        blind: MINUTE,
        window: { from: at('00:40'), to: at('01:00') },
        decidedAt: at('01:00:02'),
        amended: null,
      },
    ])
    assert.deepEqual(await verdictsOf(store, expectation), verdicts)
    assert.deepEqual((await store.verdicts({}, FIRST)).items, [{ ...verdicts[0], event: 'one', env: 'prod' }])
  })

  test('what is decided on anything but the due that is owed writes nothing', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', grace: '2m' })
    const before = await found(store, expectation)
    const stale = [{ due: at('00:10') }, { due: at('00:04') }, { checkAt: at('00:07') }, { expectation: expectation.id + 1 }]
    for (const change of stale) {
      const done = await store.concludeOwed(at('00:20'), at('00:20'), 10, (owed) =>
        decideAt(at('00:20'))(owed.map((one) => ({ ...one, ...change }))),
      )
      assert.deepEqual(done, { claimed: 1, verdicts: [] })
    }
    assert.deepEqual(await found(store, expectation), before)
    assert.deepEqual(await verdictsOf(store, expectation), [])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('when deciding breaks, nothing is written and the due is owed still', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    const broken = store.concludeOwed(at('00:01'), at('00:01'), 10, () => {
      throw new Error('a bug')
    })
    await assert.rejects(broken, /a bug/)
    assert.deepEqual(await found(store, expectation), expectation)
    assert.deepEqual(said(await judgeUpTo(store, at('00:01'))), ['00:01 missed 0'])
  })

  test('the earliest are claimed first, so many at once, and none before its time', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const late = await anExpectation(store, event, { schedule: '0 * * * *', from: at('02:30') })
    const early = await anExpectation(store, event, { schedule: '0 * * * *' })
    const middle = await anExpectation(store, event, { schedule: '0 * * * *', from: at('01:30') })
    const claim = async (horizon: Millis, limit: number): Promise<number[]> => {
      const claimed: number[] = []
      await store.concludeOwed(horizon, horizon, limit, (owed) => {
        claimed.push(...owed.map(({ expectation }) => expectation))
        return []
      })
      return claimed
    }
    assert.deepEqual(await claim(at('01:00') - 1, 10), [])
    assert.deepEqual(await claim(at('01:00'), 10), [early.id])
    assert.deepEqual(await claim(at('09:00'), 2), [early.id, middle.id])
    assert.deepEqual(await claim(at('09:00'), 10), [early.id, middle.id, late.id])
  })

  test('hundreds are concluded in one go', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    for (let i = 0; i < 250; i += 1) await anExpectation(store, event, { schedule: '0 * * * *', atLeast: i % 2 })
    const verdicts = await judgeUpTo(store, at('01:00'))
    assert.equal(verdicts.length, 250)
    assert.equal(verdicts.filter(({ verdict }) => verdict === 'missed').length, 125)
    assert.deepEqual(await store.nextCheck(), { at: at('02:00'), expectations: 250 })
  })

  test('too few with grace left waits: no verdict, late until the end of the grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '30m', grace: '10m' })
    assert.deepEqual(await judgeUpTo(store, at('01:09:59.999')), [])
    const waiting = await found(store, expectation)
    assert.deepEqual([waiting.nextDue, waiting.checkAt, stateOf(waiting)], [at('01:00'), at('01:10'), 'late'])
    const [verdict] = await judgeUpTo(store, at('01:10'))
    assert.deepEqual([verdict?.due, verdict?.verdict, verdict?.window.to], [at('01:00'), 'missed', at('01:10')])
    assert.equal((await found(store, expectation)).checkAt, at('02:00'))
  })

  test('enough within the grace is met at its end; enough before the due does not wait', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', lookback: '30m', grace: '10m' })
    await affirm(store, event, { at: at('01:09:59.999') }, { at: at('01:59') })
    assert.deepEqual(await judgeUpTo(store, at('01:09')), [])
    const [first] = await judgeUpTo(store, at('01:10'))
    assert.deepEqual([first?.verdict, first?.observed], ['met', 1])
    const [second] = await judgeUpTo(store, at('02:00'))
    assert.deepEqual([second?.verdict, second?.window], ['met', { from: at('01:30'), to: at('02:00') }])
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1', '02:00 met 1'])
  })

  test('one verdict may stand for a whole row of dues', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event)
    const { verdicts } = await store.concludeOwed(at('05:00'), at('05:00'), 10, (owed) =>
      decideAt(at('05:00'))(owed.map((one) => ({ ...one, caughtUp: 10_000 }))),
    )
    assert.deepEqual(
      verdicts.map(({ due, verdict, reason, window }) => [due, verdict, reason, window]),
      [[at('05:00'), 'unknown', 'not-judged', { from: START, to: at('05:00') }]],
    )
    const { nextDue, lastDue, lastVerdict } = await found(store, expectation)
    assert.deepEqual([nextDue, lastDue, lastVerdict], [at('05:01'), at('05:00'), 'unknown'])
  })

  test('how many were caught up in a row is remembered and forgotten when it is up to date', async (t) => {
    const store = await open(t)
    await anExpectation(store, await anEvent(store, 'one'))
    const seen: number[] = []
    for (let i = 0; i < 4; i += 1)
      await store.concludeOwed(at('00:03'), at('00:03'), 10, (owed) => {
        seen.push(...owed.map(({ caughtUp }) => caughtUp))
        return decideAt(at('00:03'))(owed)
      })
    await store.concludeOwed(at('00:04'), at('00:04'), 10, (owed) => {
      seen.push(...owed.map(({ caughtUp }) => caughtUp))
      return []
    })
    assert.deepEqual(seen, [0, 1, 2, 0])
  })

  test('the next check is the earliest, and how many wait for it', async (t) => {
    const store = await open(t)
    assert.equal(await store.nextCheck(), null)
    const event = await anEvent(store, 'one')
    await anExpectation(store, event, { schedule: '0 * * * *' })
    await anExpectation(store, event, { schedule: '*/5 * * * *', grace: '1m' })
    await anExpectation(store, event, { schedule: '*/5 * * * *' })
    await anExpectation(store, event, { paused: true })
    assert.deepEqual(await store.nextCheck(), { at: at('00:05'), expectations: 2 })
    await judgeUpTo(store, at('00:05'))
    assert.deepEqual(await store.nextCheck(), { at: at('00:06'), expectations: 1 })
  })

  test('judged up to: the last due that has a verdict, reported failures aside', async (t) => {
    const store = await open(t)
    assert.equal(await store.judgedUpTo(), null)
    const event = await anEvent(store, 'one')
    await anExpectation(store, event, { schedule: '*/5 * * * *' })
    await affirm(store, event, { at: at('00:04'), status: 'fail', isNews: true })
    await settle(store, at('00:04'))
    assert.equal(await store.judgedUpTo(), null)
    await judgeUpTo(store, at('00:12'))
    assert.equal(await store.judgedUpTo(), at('00:10'))
  })

  test('a schedule that fires never again owes nothing more', async (t) => {
    const store = await open(t)
    const expectation = await anExpectation(store, await anEvent(store, 'one'))
    await store.concludeOwed(at('00:01'), at('00:01'), 10, (owed) =>
      decideAt(at('00:01'))(owed).map((one) => ({ ...one, nextDue: null, checkAt: null })),
    )
    const { nextDue, checkAt, lastVerdict } = await found(store, expectation)
    assert.deepEqual([nextDue, checkAt, lastVerdict], [null, null, 'missed'])
    assert.equal(await store.nextCheck(), null)
  })
}

function counting(open: Open): void {
  const hourly = { schedule: '0 * * * *', lookback: '30m' }
  /** What the verdict of 01:00 has counted. */
  const observedBy = async (store: Store, { id }: Expectation): Promise<number | undefined> => {
    await judgeUpTo(store, at('01:30'))
    return (await store.lastVerdicts([id], 1)).get(id)?.[0]?.observed
  }

  test('a window is half-open: its start counts, its end does not', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 2 })
    await affirm(store, event, { at: at('00:30') - 1 }, { at: at('00:30') }, { at: at('01:00') - 1 }, { at: at('01:00') })
    assert.equal(await observedBy(store, expectation), 2)
  })

  test('so is a window with grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, grace: '10m', atLeast: 9 })
    await affirm(store, event, { at: at('00:30') - 1 }, { at: at('00:30') }, { at: at('01:10') - 1 }, { at: at('01:10') })
    assert.equal(await observedBy(store, expectation), 2)
  })

  test('without a lookback every affirmation is in exactly one window', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', grace: '2m', atLeast: 3 })
    const instants = times(90, (i) => START + i * 20 * SECOND)
    await affirm(store, event, ...instants.filter((_, i) => i % 7 < 4).map((at) => ({ at })))
    await judgeUpTo(store, at('00:32'))
    const verdicts = await verdictsOf(store, expectation)
    verdicts.slice(1).forEach(({ window }, i) => {
      assert.equal(window.from, verdicts[i]?.window.to)
    })
    const last = verdicts.at(-1)?.window.to ?? 0
    const kept = await store.affirmations(event, { to: last }, FIRST)
    assert.equal(
      verdicts.reduce((sum, { observed }) => sum + observed, 0),
      kept.items.length,
    )
  })

  test('only what is ok, of that event and of that environment', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 9 })
    const when = at('00:45')
    await affirm(store, event, ...(['ok', 'fail', 'start', 'log'] as const).map((status) => ({ at: when, status })))
    await affirm(store, event, { at: when, env: 'staging' }, { at: when, env: 'Prod' })
    await affirm(store, other, { at: when })
    assert.equal(await observedBy(store, expectation), 1)
  })

  test('sources: each counts once, by its exact text', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, count: 'sources', atLeast: 9 })
    const sources = ['a', 'a', 'A', 'b', 'é', 'e\u0301', 'a ', '']
    await affirm(store, event, ...sources.map((source) => ({ at: at('00:45'), source })))
    await affirm(store, event, { at: at('00:45'), source: 'failed', status: 'fail' }, { at: at('01:00'), source: 'too late' })
    assert.equal(await observedBy(store, expectation), 7)
  })

  test('sources with grace: of the whole span, not the sum of two', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, count: 'sources', grace: '10m', atLeast: 9 })
    await affirm(
      store,
      event,
      { at: at('00:45'), source: 'a' },
      { at: at('01:05'), source: 'a' },
      { at: at('01:06'), source: 'b' },
    )
    assert.equal(await observedBy(store, expectation), 2)
  })

  test('where: what the value and the source say', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const where = { source: 'web-*', path: '$.rows', atLeast: 10 }
    const affirmations = await anExpectation(store, event, { ...hourly, where, atLeast: 9 })
    const sources = await anExpectation(store, event, { ...hourly, where, count: 'sources', atLeast: 9 })
    const told = ['10', '9', '"10"', '1e3', 'null', '10.5'].map((rows, i) => ({
      at: at('00:40') + i,
      source: 'web-1',
      value: `{"rows":${rows}}`,
    }))
    await affirm(
      store,
      event,
      ...told,
      { at: at('00:45'), source: 'db-1', value: '{"rows":99}' },
      { at: at('00:45'), source: 'web-1' },
    )
    await affirm(store, event, { at: at('01:00'), source: 'web-2', value: '{"rows":99}' })
    assert.equal(await observedBy(store, affirmations), 3)
    assert.equal(await observedBy(store, sources), 1)
  })

  test('where with grace: counted up to the due first, then up to the end of the grace', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, where: { source: 'a' }, grace: '10m', atLeast: 2 })
    await affirm(
      store,
      event,
      { at: at('00:45'), source: 'a' },
      { at: at('00:46'), source: 'b' },
      { at: at('01:05'), source: 'a' },
    )
    assert.deepEqual(await judgeUpTo(store, at('01:00')), [])
    assert.deepEqual(said(await judgeUpTo(store, at('01:10'))), ['01:00 met 2'])
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['met'])
  })

  test('where counts windows of many thousands, many of them at one instant', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const where = { path: '$', equals: 1 }
    const affirmations = await anExpectation(store, event, { ...hourly, where })
    const sources = await anExpectation(store, event, { ...hourly, where, count: 'sources' })
    const told = times(12_000, (i) => ({ at: at('00:31') + Math.floor(i / 4_000), source: `s${i % 100}`, value: `${i % 3}` }))
    await affirm(store, event, ...told)
    assert.equal(await observedBy(store, affirmations), 4_000)
    assert.equal(await observedBy(store, sources), 100)
  })
}

function reportedFailures(open: Open): void {
  const fail = (time: string, more: Told = {}): Told => ({ at: at(time), status: 'fail', isNews: true, ...more })

  test('a reported failure gives one more verdict, once, at its own instant', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *', atLeast: 2, atMost: 5 })
    await affirm(store, event, fail('00:10:00.123'))
    assert.equal(await settle(store, at('00:11')), 1)
    assert.equal(await settle(store, at('00:12')), 0)
    assert.deepEqual(await verdictsOf(store, expectation), [
      {
        expectation: expectation.id,
        due: at('00:10:00.123'),
        reported: true,
        verdict: 'missed',
        reason: 'reported-failure',
        observed: 0,
        atLeast: 2,
        atMost: 5,
        blind: 0,
        window: { from: at('00:10:00.123'), to: at('00:10:00.123') },
        decidedAt: at('00:11'),
        amended: null,
      },
    ])
    const { lastDue, lastVerdict, nextDue, openIncident } = await found(store, expectation)
    assert.deepEqual([lastDue, lastVerdict, nextDue], [at('00:10:00.123'), 'missed', at('01:00')])
    assert.notEqual(openIncident, null)
  })

  test('one at the very instant of a due does not take the place of its verdict', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, { at: at('00:30') }, fail('01:00'))
    await settle(store, at('01:00'))
    await judgeUpTo(store, at('01:00'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1', '01:00! missed 0'])
  })

  test('only those hear of it that are of its event and environment, listen to its source, existed, run and want to', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const heard = await anExpectation(store, event)
    const fits = await anExpectation(store, event, { where: { source: 'web-*', path: '$.status', equals: 'good' } })
    const deaf = [
      await anExpectation(store, other),
      await anExpectation(store, event, { env: 'staging' }),
      await anExpectation(store, event, { ignoreFailures: true }),
      await anExpectation(store, event, { where: { source: 'db-*' } }),
      await anExpectation(store, event, { paused: true }),
      await anExpectation(store, event, { from: at('00:30') }),
    ]
    await affirm(store, event, fail('00:10', { source: 'web-1', value: '"it broke"' }))
    await settle(store, at('00:11'))
    for (const one of [heard, fits]) assert.deepEqual(said(await verdictsOf(store, one)), ['00:10! missed 0'])
    for (const one of deaf) assert.deepEqual(await verdictsOf(store, one), [], `${deaf.indexOf(one)}`)
  })

  test('one that is dated ahead waits for its time', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, fail('00:10'))
    assert.equal(await settle(store, at('00:10') - 1), 0)
    assert.deepEqual(await verdictsOf(store, expectation), [])
    assert.equal(await settle(store, at('00:10')), 1)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:10! missed 0'])
  })

  test('news are taken so many at once, the oldest told first', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, ...times(5, (i) => fail(`00:0${9 - i}`)))
    assert.equal(await settle(store, at('00:30'), 2), 2)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:08! missed 0', '00:09! missed 0'])
    assert.deepEqual([await settle(store, at('00:30'), 2), await settle(store, at('00:30'), 2)], [2, 1])
    assert.equal((await verdictsOf(store, expectation)).length, 5)
  })

  test('an old one does not hide what was said since', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await affirm(store, event, { at: at('00:50') })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, fail('00:20'))
    await settle(store, at('01:05'))
    const { lastDue, lastVerdict, openIncident } = await found(store, expectation)
    assert.deepEqual([lastDue, lastVerdict, openIncident], [at('01:00'), 'met', null])
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:20! missed 0', '01:00 met 1'])
  })
}

function lateNews(open: Open): void {
  const late = (time: string, more: Told = {}): Told => ({ at: at(time), isNews: true, ...more })
  const hourly = { schedule: '0 * * * *', lookback: '30m' }

  test('a missed one becomes met, keeps its first verdict, and says when and why', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, hourly)
    const [before] = await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'))
    assert.equal(await settle(store, at('01:07')), 1)
    const why = 'late news: 1 instead of 0'
    const amended = { from: 'missed', at: at('01:07'), reason: why }
    assert.deepEqual(await verdictsOf(store, expectation), [
      { ...before, verdict: 'met', reason: 'enough', observed: 1, amended },
    ])
    const { lastVerdict, lastDue, nextDue, openIncident } = await found(store, expectation)
    assert.deepEqual([lastVerdict, lastDue, nextDue, openIncident], ['met', at('01:00'), at('02:00'), null])
    assert.equal(await settle(store, at('01:08')), 0)
  })

  test('a met one with a maximum becomes missed, and its incident opens', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'problems')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 0, atMost: 0 })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'))
    await settle(store, at('01:07'))
    const [verdict] = await verdictsOf(store, expectation)
    assert.deepEqual(
      [verdict?.verdict, verdict?.reason, verdict?.observed, verdict?.amended?.from],
      ['missed', 'too-many', 1, 'met'],
    )
    const [incident] = await store.openIncidents([expectation.id])
    assert.deepEqual([incident?.openedDue, incident?.openedAt], [at('01:00'), at('01:07')])
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
  })

  test('an unknown one becomes met, or missed by a maximum', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const met = await anExpectation(store, event, hourly)
    const missed = await anExpectation(store, event, { ...hourly, atLeast: 0, atMost: 0 })
    const still = await anExpectation(store, event, { ...hourly, atLeast: 2 })
    await judgeUpTo(store, at('01:00'), { spans: [] })
    await affirm(store, event, late('00:45'))
    await settle(store, at('01:07'))
    assert.deepEqual(outcomes(await verdictsOf(store, met)), ['met'])
    assert.deepEqual(outcomes(await verdictsOf(store, missed)), ['missed'])
    const [verdict] = await verdictsOf(store, still)
    assert.deepEqual([verdict?.verdict, verdict?.amended], ['unknown', null])
  })

  test('amended twice, the row keeps what it said first of all', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 1, atMost: 1 })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'))
    await settle(store, at('01:01'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['met'])
    await affirm(store, event, late('00:46'))
    await settle(store, at('01:02'))
    const [verdict] = await verdictsOf(store, expectation)
    assert.deepEqual([verdict?.verdict, verdict?.reason, verdict?.observed], ['missed', 'too-many', 2])
    assert.deepEqual([verdict?.amended?.from, verdict?.amended?.at], ['missed', at('01:02')])
  })

  test('belongs to the windows that hold it: the start is inside, the end is not', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:20'))
    await affirm(store, event, late('00:10'))
    await settle(store, at('00:21'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed', 'missed', 'met', 'missed'])
  })

  test('in the grace of a missed one it counts too', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, grace: '10m' })
    await anExpectation(store, event, { ...hourly, lookback: '1m' })
    await judgeUpTo(store, at('01:10'))
    await affirm(store, event, late('01:09:59.999'))
    await settle(store, at('01:11'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 1'])
  })

  test('without a lookback only its one window', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '0 * * * *' })
    await judgeUpTo(store, at('04:00'))
    await affirm(store, event, late('01:30'))
    await settle(store, at('04:01'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed', 'met', 'missed', 'missed'])
  })

  test('re-judges every window that holds it, hundreds if need be', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { lookback: '5h' })
    const before = await judgeUpTo(store, at('06:30'), { spans: [{ from: START, to: at('06:30') }] })
    assert.equal(before.length, 390)
    await affirm(store, event, late('00:30'))
    await settle(store, at('06:31'))
    const verdicts = await verdictsOf(store, expectation)
    assert.deepEqual(
      verdicts.filter(({ verdict }) => verdict === 'met').map(({ due }) => due),
      times(300, (i) => at('00:31') + i * MINUTE),
    )
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
  })

  test('changes nothing of another environment, another event or a value that does not count', async (t) => {
    const store = await open(t)
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const plain = await anExpectation(store, event, hourly)
    const picky = await anExpectation(store, event, { ...hourly, where: { source: 'a', path: '$', equals: 1 } })
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45', { env: 'staging' }), late('00:45', { status: 'log' }))
    await affirm(store, other, late('00:45'))
    await settle(store, at('01:01'))
    assert.deepEqual(outcomes(await verdictsOf(store, plain)), ['missed'])
    await affirm(store, event, late('00:45', { source: 'a', value: '2' }), late('00:45', { source: 'b', value: '1' }))
    await settle(store, at('01:02'))
    assert.deepEqual(outcomes(await verdictsOf(store, plain)), ['met'])
    assert.deepEqual(outcomes(await verdictsOf(store, picky)), ['missed'])
    await affirm(store, event, late('00:45', { source: 'a', value: '1' }))
    await settle(store, at('01:03'))
    assert.deepEqual(said(await verdictsOf(store, picky)), ['01:00 met 1'])
  })

  test('judges again by the limits of then, not of now', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ...hourly, atLeast: 2 })
    await judgeUpTo(store, at('01:00'))
    const terms = someTerms({ ...hourly, atLeast: 1 })
    await store.editExpectation(expectation.id, { terms, env: 'staging', tags: [], nextDue: at('02:00'), at: at('01:01') })
    await affirm(store, event, late('00:45'), late('00:46', { env: 'staging' }))
    await settle(store, at('01:02'))
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['missed'])
    await affirm(store, event, late('00:47'))
    await settle(store, at('01:03'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['01:00 met 2'])
  })

  test('leaves reported failures and summed up dues as they are', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { ignoreFailures: false })
    await affirm(store, event, { at: at('00:30'), status: 'fail', isNews: true })
    await settle(store, at('00:31'))
    await store.concludeOwed(at('05:00'), at('05:00'), 10, (owed) =>
      decideAt(at('05:00'))(owed.map((one) => ({ ...one, caughtUp: 10_000 }))),
    )
    const before = await verdictsOf(store, expectation)
    await affirm(store, event, late('00:30'), late('02:00'))
    assert.equal(await settle(store, at('05:01')), 2)
    assert.deepEqual(await verdictsOf(store, expectation), before)
  })

  test('when deciding breaks, nothing is taken and nothing written', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, hourly)
    await judgeUpTo(store, at('01:00'))
    await affirm(store, event, late('00:45'), { at: at('00:46'), status: 'fail', isNews: true })
    const before = await found(store, expectation)
    const broken = store.settleNews(at('01:01'), 10, () => {
      throw new Error('a bug')
    })
    await assert.rejects(broken, /a bug/)
    assert.deepEqual(await found(store, expectation), before)
    assert.equal(await settle(store, at('01:02')), 2)
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:46! missed 0', '01:00 met 1'])
  })
}

function incidents(open: Open): void {
  test('the first missed one opens it, further ones add none, and a met one closes it', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await affirm(store, event, { at: at('00:19') })
    await store.concludeOwed(at('00:05'), at('00:05:02'), 10, decideAt(at('00:05')))
    const [opened] = await store.openIncidents([expectation.id])
    assert.deepEqual(opened, {
      id: opened?.id,
      expectation: expectation.id,
      openedAt: at('00:05:02'),
      openedDue: at('00:05'),
      closedAt: null,
      closedDue: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      note: null,
    })
    assert.equal((await found(store, expectation)).openIncident, opened?.id)
    await judgeUpTo(store, at('00:15'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [opened])
    await judgeUpTo(store, at('00:20'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
    assert.equal((await found(store, expectation)).openIncident, null)
    await judgeUpTo(store, at('00:25'))
    const [second] = await store.openIncidents([expectation.id])
    assert.notEqual(second?.id, opened?.id)
    assert.equal(second?.openedDue, at('00:25'))
    assert.deepEqual(await store.openIncidents([]), [])
  })

  test('an unknown one neither opens nor closes', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:05'), { spans: [] })
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
    await judgeUpTo(store, at('00:10'))
    const opened = await store.openIncidents([expectation.id])
    await judgeUpTo(store, at('00:15'), { spans: [] })
    assert.deepEqual(outcomes(await verdictsOf(store, expectation)), ['unknown', 'missed', 'unknown'])
    assert.deepEqual(await store.openIncidents([expectation.id]), opened)
  })

  test('each expectation has its own', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const [a, b] = [await anExpectation(store, event), await anExpectation(store, event)]
    const c = await anExpectation(store, event, { atLeast: 0 })
    await judgeUpTo(store, at('00:02'))
    const opened = await store.openIncidents([a.id, b.id, c.id])
    assert.deepEqual(new Set(opened.map(({ expectation }) => expectation)), new Set([a.id, b.id]))
    assert.equal(opened.length, 2)
    assert.equal((await store.openIncidents([b.id])).length, 1)
  })

  test('a failure reported after a due has the last word, until the next due is met', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await affirm(store, event, { at: at('00:04') }, { at: at('00:05:30'), status: 'fail', isNews: true }, { at: at('00:09') })
    await settle(store, at('00:06'))
    await judgeUpTo(store, at('00:06'))
    const { lastVerdict, lastDue, openIncident } = await found(store, expectation)
    assert.deepEqual([lastVerdict, lastDue], ['missed', at('00:05:30')])
    assert.notEqual(openIncident, null)
    await judgeUpTo(store, at('00:10'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:05 met 1', '00:05:30! missed 0', '00:10 met 1'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('late news about an older due leaves the one of the latest open', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:15'))
    const opened = await store.openIncidents([expectation.id])
    await affirm(store, event, { at: at('00:07'), isNews: true })
    await settle(store, at('00:16'))
    assert.deepEqual(await store.openIncidents([expectation.id]), opened)
    assert.equal((await found(store, expectation)).lastVerdict, 'missed')
    await affirm(store, event, { at: at('00:12'), isNews: true })
    await settle(store, at('00:17'))
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })

  test('late news and a reported failure at once: the later of the two decides', async (t) => {
    const store = await open(t)
    const event = await anEvent(store, 'one')
    const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
    await judgeUpTo(store, at('00:05'))
    await affirm(store, event, { at: at('00:03'), status: 'fail', isNews: true }, { at: at('00:04'), isNews: true })
    await settle(store, at('00:06'))
    assert.deepEqual(said(await verdictsOf(store, expectation)), ['00:03! missed 0', '00:05 met 1'])
    assert.deepEqual(await store.openIncidents([expectation.id]), [])
  })
}

function listsOfVerdicts(open: Open): void {
  /** Three expectations with the same dues, one of them with reported failures at those very instants. */
  async function some(store: Store) {
    const [event, other] = [await anEvent(store, 'one'), await anEvent(store, 'other')]
    const good = await anExpectation(store, other, { schedule: '*/5 * * * *', atLeast: 0 })
    const bad = await anExpectation(store, event, { schedule: '*/5 * * * *' })
    const staging = await anExpectation(store, event, { schedule: '*/5 * * * *', env: 'staging' })
    const times = ['00:05', '00:10', '00:12', '00:15']
    await affirm(store, event, ...times.map((time) => ({ at: at(time), status: 'fail' as const, isNews: true })))
    await settle(store, at('00:15'))
    await judgeUpTo(store, at('00:15'))
    return { good, bad, staging }
  }

  test('newest due first, none twice and none lost from page to page', async (t) => {
    const store = await open(t)
    const { good, bad, staging } = await some(store)
    const expected = [
      `00:15 missed 0 of ${staging.id}`,
      `00:15! missed 0 of ${bad.id}`,
      `00:15 missed 0 of ${bad.id}`,
      `00:15 met 0 of ${good.id}`,
      `00:12! missed 0 of ${bad.id}`,
      ...['00:10', '00:05'].flatMap((time) => [
        `${time} missed 0 of ${staging.id}`,
        `${time}! missed 0 of ${bad.id}`,
        `${time} missed 0 of ${bad.id}`,
        `${time} met 0 of ${good.id}`,
      ]),
    ]
    for (const limit of [1, 2, 3, 4, 5, 12, 13, 14]) {
      const all = await readAll((page) => store.verdicts({}, page), limit)
      assert.deepEqual(
        all.map((one, i) => `${said(all)[i]} of ${one.expectation}`),
        expected,
      )
    }
  })

  test('are filtered by expectation, environment, outcome and a half-open span of dues', async (t) => {
    const store = await open(t)
    const { good, bad } = await some(store)
    const list = async (filter: Parameters<Store['verdicts']>[0]) =>
      (await readAll((page) => store.verdicts(filter, page), 2)).length
    assert.equal(await list({}), 13)
    assert.equal(await list({ expectation: bad.id }), 7)
    assert.equal(await list({ expectation: 999 }), 0)
    assert.equal(await list({ env: 'staging' }), 3)
    assert.equal(await list({ env: 'nowhere' }), 0)
    assert.equal(await list({ verdict: 'met' }), 3)
    assert.equal(await list({ verdict: 'unknown' }), 0)
    assert.equal(await list({ from: at('00:12') }), 5)
    assert.equal(await list({ to: at('00:12') }), 8)
    assert.equal(await list({ from: at('00:10'), to: at('00:15'), env: 'prod', verdict: 'missed', expectation: bad.id }), 3)
    assert.equal(await list({ expectation: good.id, verdict: 'missed' }), 0)
  })

  test('the last of each come oldest first, and those that have none have an empty list', async (t) => {
    const store = await open(t)
    const { good, bad } = await some(store)
    const fresh = await anExpectation(store, await anEvent(store, 'fresh'))
    const last = await store.lastVerdicts([good.id, bad.id, fresh.id], 3)
    assert.deepEqual(said(last.get(good.id) ?? []), ['00:05 met 0', '00:10 met 0', '00:15 met 0'])
    assert.deepEqual(said(last.get(bad.id) ?? []), ['00:12! missed 0', '00:15 missed 0', '00:15! missed 0'])
    assert.deepEqual(last.get(fresh.id), [])
    assert.deepEqual(said((await store.lastVerdicts([bad.id], 1)).get(bad.id) ?? []), ['00:15! missed 0'])
    assert.deepEqual(await store.lastVerdicts([], 3), new Map())
  })
}
