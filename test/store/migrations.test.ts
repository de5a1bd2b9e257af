import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { InUse, openStore, TooNew } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { ENGINES, type EngineName, startEngine, type TestEngine } from '../support/engines.ts'
import { affirm, anEvent, anExpectation, query, rowsIn } from './contract/steps.ts'

const open = (url: string): Promise<Store> =>
  openStore(url, (error) => {
    throw error
  })
const pathOf = (url: string): string => url.slice('file:'.length)
const RECORD: Record<EngineName, string> = { sqlite: '__drizzle_migrations', postgresql: 'drizzle.__drizzle_migrations' }

const engines = new Map<EngineName, TestEngine>()
const freshUrl = async (name: EngineName): Promise<string> => (await engines.get(name)?.emptyUrl()) ?? assert.fail(name)
before(async () => {
  for (const name of ENGINES) engines.set(name, await startEngine(name))
})
after(() => Promise.all([...engines.values()].map((engine) => engine.stop())))

for (const name of ENGINES)
  describe(`a database on ${name}`, () => {
    test('keeps everything when it is closed and opened again', async () => {
      const url = await freshUrl(name)
      const first = await open(url)
      const event = await anEvent(first, 'job')
      const expectation = await anExpectation(first, event)
      await affirm(first, event, { id: 'a' })
      await first.close()
      const second = await open(url)
      assert.deepEqual(await second.findEvent('job'), event)
      assert.deepEqual(await second.findExpectation(expectation.id), expectation)
      assert.deepEqual(await affirm(second, event, { id: 'a' }), ['duplicate'])
      await second.close()
      assert.equal(await rowsIn(url, RECORD[name]), journal(name), 'each migration has run once')
    })

    test('that a newer program has made is refused in words, and nothing is changed', async () => {
      const url = await freshUrl(name)
      const store = await open(url)
      const event = await anEvent(store, 'job')
      await store.close()
      await query(url, `insert into ${RECORD[name]} (hash, created_at) values ('of tomorrow', 8640000000000000)`)
      const tables = await columns(name, url)
      const bytes = name === 'sqlite' ? readFileSync(pathOf(url)) : null
      await assert.rejects(open(url), (error) => {
        assert.ok(error instanceof TooNew)
        assert.match(error.message, /newer affirmative.*nothing was changed/)
        return true
      })
      if (bytes !== null) assert.ok(bytes.equals(readFileSync(pathOf(url))))
      assert.deepEqual(await columns(name, url), tables)
      assert.equal(await rowsIn(url, RECORD[name]), journal(name) + 1)
      await query(url, `delete from ${RECORD[name]} where hash = 'of tomorrow'`)
      const again = await open(url)
      assert.deepEqual(await again.findEvent('job'), event)
      await again.close()
    })
  })

describe('a file of SQLite', () => {
  test('is used by one program at a time: the second is refused in words, the first goes on', async () => {
    const url = await freshUrl('sqlite')
    const first = await open(url)
    const event = await anEvent(first, 'job')
    for (let i = 0; i < 3; i += 1)
      await assert.rejects(open(url), (error) => {
        assert.ok(error instanceof InUse)
        assert.match(error.message, /Another affirmative is using .*\.db\. .*DATABASE_URL/)
        assert.ok(error.message.includes(pathOf(url)))
        return true
      })
    assert.deepEqual(await affirm(first, event, {}), ['stored'])
    await first.close()
    const second = await open(url)
    assert.deepEqual(await affirm(second, event, {}), ['stored'])
    await second.close()
  })

  test('is free again when it was closed in the middle of work, and what was begun is there', async () => {
    const url = await freshUrl('sqlite')
    const first = await open(url)
    const event = await anEvent(first, 'job')
    const begun = [affirm(first, event, {}), first.append([])]
    await begun[0]
    const closed = first.close()
    await Promise.all([...begun, closed])
    const second = await open(url)
    assert.equal((await second.affirmations(event, {}, { limit: 9, cursor: null })).items.length, 1)
    await second.close()
  })

  test('that is no database is refused, left as it is, and not locked', async () => {
    const url = await freshUrl('sqlite')
    writeFileSync(pathOf(url), 'This is somebody’s text, and no database at all. '.repeat(100))
    const before = readFileSync(pathOf(url))
    for (let i = 0; i < 2; i += 1) await assert.rejects(open(url), /file is not a database/)
    assert.ok(before.equals(readFileSync(pathOf(url))))
  })

  test('two files in one folder are two databases', async () => {
    const [one, two] = [await open(await freshUrl('sqlite')), await open(await freshUrl('sqlite'))]
    await anEvent(one, 'job')
    assert.equal(await two.findEvent('job'), null)
    await Promise.all([one.close(), two.close()])
  })
})

describe('a database of PostgreSQL', () => {
  test('comes up for five that open it at once while it is empty', async () => {
    const url = await freshUrl('postgresql')
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(url)))
    const [first] = stores
    const event = await anEvent(first ?? assert.fail(), 'job')
    for (const store of stores) assert.deepEqual(await store.findEvent('job'), event)
    assert.equal(await rowsIn(url, RECORD.postgresql), journal('postgresql'), 'each migration has run once')
    await Promise.all(stores.map((store) => store.close()))
  })

  test('that cannot be reached is told by its trouble', async () => {
    await assert.rejects(open('postgres://postgres:x@127.0.0.1:1/none'), /ECONNREFUSED/)
  })
})

test('both engines have the same tables, columns and indexes, but for the client ids', async () => {
  const [sqlite, postgresql] = [await freshUrl('sqlite'), await freshUrl('postgresql')]
  for (const url of [sqlite, postgresql]) await (await open(url)).close()
  const there = await columns('sqlite', sqlite)
  assert.ok(there.length > 60, `${there.length} columns were compared`)
  const onPostgres = await columns('postgresql', postgresql)
  assert.deepEqual(
    onPostgres.filter((column) => !column.startsWith('client_ids.')),
    there,
  )
  const indexes = await indexesOf('sqlite', sqlite)
  assert.ok(indexes.length >= 10, `${indexes.length} indexes were compared`)
  const own = ['affirmations_client_id', 'client_ids_at', 'client_ids_once']
  const shared = (names: string[]) => names.filter((one) => !own.includes(one))
  assert.deepEqual(shared(await indexesOf('postgresql', postgresql)), shared(indexes))
})

function journal(name: EngineName): number {
  return (JSON.parse(readFileSync(`migrations/${name}/meta/_journal.json`, 'utf8')) as { entries: unknown[] }).entries.length
}

type Column = { t: string; c: string; kind: string; nullable: number }

const COLUMNS: Record<EngineName, string> = {
  sqlite: `select m.name as t, c.name as c, c.type as kind, 1 - c."notnull" as nullable from sqlite_master m join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' and m.name not like '\\_\\_%' escape '\\'`,
  postgresql: `select table_name as t, column_name as c, data_type as kind, case when is_nullable = 'YES' then 1 else 0 end as nullable
    from information_schema.columns where table_schema = 'public'`,
}

/** `events.name text`, `events.id number`: one line a column. Truth values are numbers on SQLite. */
async function columns(name: EngineName, url: string): Promise<string[]> {
  const found = await query<Column>(url, COLUMNS[name])
  const kind = (text: string) => (text.toLowerCase() === 'text' ? 'text' : 'number')
  return found.map((one) => `${one.t}.${one.c} ${kind(one.kind)}${one.nullable === 1 ? ' or null' : ''}`).sort()
}

const INDEXES: Record<EngineName, string> = {
  sqlite: `select name from sqlite_master where type = 'index' and name not like 'sqlite\\_autoindex%' escape '\\'`,
  postgresql: `select indexname as name from pg_indexes where schemaname = 'public' and indexname not in ('verdicts_once', 'tellings_once') and indexname not like '%\\_pkey'`,
}

async function indexesOf(name: EngineName, url: string): Promise<string[]> {
  return (await query<{ name: string }>(url, INDEXES[name])).map((one) => one.name).sort()
}
