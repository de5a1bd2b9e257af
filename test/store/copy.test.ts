import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import { type CopyProgress, copyStore } from '../../src/store/copy.ts'
import { InUse, openStore, Refusal } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { ENGINES, type EngineName, startEngine, type TestEngine } from '../support/engines.ts'
import { allRows, anInstallation, LATER, letIn, TABLES, tellSomebody } from '../support/installation.ts'
import { aWorld } from '../support/world.ts'
import { affirm, anEvent, query, rowsIn, verdictsOf } from './contract/steps.ts'

const engines = new Map<EngineName, TestEngine>()
const freshUrl = async (name: EngineName): Promise<string> => (await engines.get(name)?.emptyUrl()) ?? assert.fail(name)
before(async () => {
  for (const name of ENGINES) engines.set(name, await startEngine(name))
})
after(() => Promise.all([...engines.values()].map((engine) => engine.stop())))

const open = (url: string): Promise<Store> =>
  openStore(url, (error) => {
    throw error
  })
const pathOf = (url: string): string => url.slice('file:'.length)
const silent = () => undefined
const RECORD: Record<EngineName, string> = { sqlite: '__drizzle_migrations', postgresql: 'drizzle.__drizzle_migrations' }

const lived = new Map<string, Promise<string>>()

/** Closed, with so many affirmations besides. Lived through once; each gets a copy of it. */
async function installed(name: EngineName, affirmations = 0): Promise<string> {
  const key = `${name} ${affirmations}`
  const first = lived.get(key) ?? live(name, affirmations)
  lived.set(key, first)
  return (await engines.get(name)?.copyOf(await first)) ?? assert.fail(name)
}

async function live(name: EngineName, affirmations: number): Promise<string> {
  const url = await freshUrl(name)
  const store = await open(url)
  await anInstallation(store, affirmations)
  await store.close()
  await letIn(url)
  await tellSomebody(url)
  return url
}

async function anEmptyOne(name: EngineName): Promise<string> {
  const url = await freshUrl(name)
  await (await open(url)).close()
  return url
}

/** Ends the copy as soon as so many affirmations have arrived, as a crash between two pieces would. */
async function breakOff(from: string, to: string, affirmations: number): Promise<void> {
  const crash = new Error('crash')
  const tell = (at: CopyProgress) => {
    if (at.step === 'copying' && at.table === 'affirmations' && at.rows >= affirmations) throw crash
  }
  await assert.rejects(copyStore(from, to, tell), crash)
}

const refused = (said: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error))
  assert.match(error.message, said)
  return true
}

const OTHER: Record<EngineName, EngineName> = { sqlite: 'postgresql', postgresql: 'sqlite' }
const WAYS = ENGINES.flatMap((from) => ENGINES.map((to) => ({ from, to })))

describe('a copy holds every row of every table', () => {
  for (const { from, to } of WAYS)
    test(`from ${from} to ${to}`, async () => {
      const [source, target] = [await installed(from, 100), await freshUrl(to)]
      const rows = await copyStore(source, target, silent)
      const [there, here] = [await allRows(source), await allRows(target)]
      for (const table of TABLES) {
        assert.ok((there[table]?.length ?? 0) > 0, `there is something in ${table}`)
        assert.deepEqual(here[table], there[table], table)
      }
      assert.equal(rows, Object.values(there).flat().length)
    })

  test('and none of its tables is left out', async () => {
    const tables = await query<{ name: string }>(
      await anEmptyOne('sqlite'),
      "select name from sqlite_master where type = 'table' and name not like '\\_\\_%' escape '\\' and name not like 'sqlite%'",
    )
    assert.deepEqual(tables.map(({ name }) => name).sort(), [...TABLES].sort())
  })

  for (const to of ENGINES)
    test(`and ${to} has the indexes it would have without a copy`, async () => {
      const [source, target] = [await installed(OTHER[to]), await freshUrl(to)]
      await copyStore(source, target, silent)
      const asked =
        to === 'sqlite'
          ? "select name, sql from sqlite_master where type <> 'table' order by name"
          : "select indexname as name, indexdef as sql from pg_indexes where schemaname = 'public' and tablename not like 'affirmations\\_%' order by 1"
      assert.deepEqual(await query(target, asked), await query(await anEmptyOne(to), asked))
    })
})

describe('on a copy life goes on', () => {
  for (const to of ENGINES)
    test(`on ${to}: no due is left out or judged twice, ids count once, numbers are not given again`, async () => {
      const [source, target] = [await installed(OTHER[to], 100), await freshUrl(to)]
      await copyStore(source, target, silent)
      const store = await open(target)
      const world = aWorld(store, LATER)
      assert.equal(await world.affirm('pulse', { id: 'p-10' }), 'duplicate')
      assert.equal(await world.affirm('pulse', { id: 'p-new' }), 'stored')
      const [gone = assert.fail()] = await query<{ ref: number }>(target, "select ref from removed where kind = 'event'")
      const next = await world.declaring.registerEvent({ name: 'next', description: '', tags: [] }, LATER)
      assert.ok(next.id > gone.ref, `${next.id} is after ${gone.ref}`)

      await world.passUntil(LATER + 10 * MINUTE)
      const { items } = await store.listExpectations({}, { limit: 10, cursor: null })
      const pulse = items.find(({ event }) => event === 'pulse') ?? assert.fail()
      const dues = (await verdictsOf(store, pulse)).filter(({ reported }) => !reported).map(({ due }) => due)
      const first = dues[0] ?? assert.fail()
      assert.deepEqual(
        dues,
        dues.map((_, i) => first + i * MINUTE),
      )
      assert.equal(dues.at(-1), LATER + 8 * MINUTE, 'the one after it waits for its grace')
      assert.deepEqual(world.errors, [])
      await store.close()
    })
})

describe('a copy that broke off', () => {
  for (const { from, to } of WAYS)
    test(`from ${from} to ${to} goes on where it was, as often as need be`, async () => {
      const [source, target] = [await installed(from, 12_000), await freshUrl(to)]
      for (const affirmations of [1, 4_000, 8_000]) await breakOff(source, target, affirmations)
      const steps: CopyProgress[] = []
      await copyStore(source, target, (at) => steps.push(at))
      const began = steps.find((at) => at.step === 'copying' && at.table === 'affirmations')
      assert.ok(began?.step === 'copying' && began.rows >= 5_000, 'it did not begin anew')
      assert.deepEqual(await allRows(target), await allRows(source))
    })

  for (const to of ENGINES)
    test(`leaves a database on ${to} that no server starts on, and that cannot be copied`, async () => {
      const [source, target] = [await installed('sqlite', 6_000), await freshUrl(to)]
      await breakOff(source, target, 1)
      await assert.rejects(open(target), refused(/A copy into this database was not finished: run it again or drop the database/))
      await assert.rejects(
        copyStore(target, await freshUrl('sqlite'), silent),
        refused(/--from: A copy into .* was not finished/),
      )
    })

  test('does not go on with another source, nor with this one after it was used', async () => {
    const [source, other, target] = [await installed('sqlite', 6_000), await installed('sqlite', 10), await freshUrl('sqlite')]
    await breakOff(source, target, 1)
    await assert.rejects(copyStore(other, target, silent), refused(/part of another copy/))
    const store = await open(source)
    await store.openSpan('again', LATER)
    await store.close()
    await assert.rejects(copyStore(source, target, silent), refused(/part of another copy/))
  })
})

for (const to of ENGINES)
  describe(`a copy into ${to} tells in words`, () => {
    test('counts that do not agree, and the target stays unusable', async () => {
      const [source, target] = [await installed('sqlite', 6_000), await freshUrl(to)]
      await breakOff(source, target, 1)
      const there = await rowsIn(source, 'affirmations')
      await query(target, 'delete from affirmations where id = 17')
      await assert.rejects(
        copyStore(source, target, silent),
        refused(new RegExp(`affirmations: ${there} rows in --from, ${there - 1} in --to`)),
      )
      await assert.rejects(open(target), Refusal)
    })

    test('values that do not agree', async () => {
      const [source, target] = [await installed('sqlite', 6_000), await freshUrl(to)]
      await breakOff(source, target, 1)
      await query(target, "update affirmations set source = 'somebody else', status = 2 where id = 17")
      await assert.rejects(copyStore(source, target, silent), refused(/affirmations: status, source differ/))
    })

    test('a target that is not empty, and does not touch it', async () => {
      const [source, target] = [await installed('sqlite'), await freshUrl(to)]
      const store = await open(target)
      const event = await anEvent(store, 'mine')
      await affirm(store, event, { id: 'a' })
      await store.close()
      const [rows, bytes] = [await allRows(target), to === 'sqlite' ? readFileSync(pathOf(target)) : null]
      await assert.rejects(
        copyStore(source, target, silent),
        refused(/--to: .*not empty.*events, affirmations\. Nothing was changed/),
      )
      assert.deepEqual(await allRows(target), rows)
      if (bytes !== null) assert.ok(bytes.equals(readFileSync(pathOf(target))))
    })

    test('a database of a newer version, on either side', async () => {
      const [source, target] = [await installed('sqlite'), await anEmptyOne(to)]
      const ofTomorrow = `insert into ${RECORD[to]} (hash, created_at) values ('of tomorrow', 8640000000000000)`
      await query(target, ofTomorrow)
      await assert.rejects(copyStore(source, target, silent), refused(/--to: .*newer affirmative/))
      await assert.rejects(copyStore(target, await freshUrl('sqlite'), silent), refused(/--from: .*newer affirmative/))
    })

    test('the same database on both sides', async () => {
      const url = await installed(to)
      await assert.rejects(copyStore(url, url, silent), refused(/same database/))
    })

    test('a fresh database that a server has only migrated is empty', async () => {
      const [source, target] = [await installed('sqlite'), await anEmptyOne(to)]
      await copyStore(source, target, silent)
      assert.deepEqual(await allRows(target), await allRows(source))
    })
  })

describe('a database in use is refused', () => {
  test('on SQLite as long as a server is open, on either side', async () => {
    const [used, other] = [await freshUrl('sqlite'), await installed('sqlite')]
    const store = await open(used)
    await assert.rejects(
      copyStore(used, await freshUrl('sqlite'), silent),
      refused(/--from: Another copy, or a server, is using .*\.db/),
    )
    await assert.rejects(copyStore(other, used, silent), refused(/--to: Another copy, or a server, is using .*\.db/))
    await store.close()
  })

  test('on PostgreSQL within 30 seconds of the last that any node listened, by the clock there', async () => {
    const [used, other] = [await installed('postgresql'), await installed('sqlite')]
    const stretch = (seconds: number) =>
      query(used, `update listening set span_to = (extract(epoch from now()) * 1000)::bigint - ${seconds * 1000} where id = 1`)
    await stretch(20)
    const said = /A server used it until a moment ago\. Stop every server that uses it, and try again in (9|10) seconds/
    await assert.rejects(copyStore(used, await freshUrl('sqlite'), silent), refused(said))
    await assert.rejects(copyStore(other, used, silent), refused(said))
    await stretch(31)
    await copyStore(used, await freshUrl('sqlite'), silent)
  })

  test('and while a copy runs no server starts on its target: on SQLite it is refused, on PostgreSQL it waits', async () => {
    const source = await installed('sqlite')
    const [file, database] = [await freshUrl('sqlite'), await freshUrl('postgresql')]
    const starts: Promise<unknown>[] = []
    await copyStore(source, file, ({ step }) => {
      if (step === 'indexing') starts.push(assert.rejects(open(file), InUse))
    })
    let isOpen = false
    let waiting: Promise<Store> | undefined
    await copyStore(source, database, ({ step }) => {
      if (step === 'indexing')
        waiting = open(database).then((store) => {
          isOpen = true
          return store
        })
      assert.ok(!isOpen)
    })
    await Promise.all(starts)
    assert.equal(starts.length, 1)
    await (await waiting)?.close()
    assert.ok(isOpen)
  })
})

describe('a source', () => {
  test('that is not there is not made', async () => {
    const source = await freshUrl('sqlite')
    await assert.rejects(copyStore(source, await freshUrl('sqlite'), silent), refused(/--from: There is no file .*\.db/))
    assert.ok(!existsSync(pathOf(source)))
  })

  for (const from of ENGINES)
    test(`on ${from} that is not ours, or an older one, is refused`, async () => {
      const source = await freshUrl(from)
      await query(source, 'create table notes (id int)')
      await assert.rejects(copyStore(source, await freshUrl('sqlite'), silent), refused(/--from: .*no database of affirmative/))
      const older = await anEmptyOne(from)
      await query(older, `update ${RECORD[from]} set created_at = 1`)
      await assert.rejects(copyStore(older, await freshUrl('sqlite'), silent), refused(/--from: .*made by an older affirmative/))
    })

  test('that cannot be reached is told by its trouble and without its password', async () => {
    const source = 'postgres://nobody:secret@127.0.0.1:1/none'
    await assert.rejects(copyStore(source, await freshUrl('sqlite'), silent), (error: Error) => {
      assert.doesNotMatch(error.message, /secret/)
      return refused(/--from cannot be opened: .*ECONNREFUSED/)(error)
    })
  })

  test('with a NUL in a text goes to SQLite, and is told by its row for PostgreSQL', async () => {
    const source = await installed('sqlite', 20)
    await query(source, "update affirmations set value = 'a' || char(0) || 'b' where id = 17")
    const copy = await freshUrl('sqlite')
    await copyStore(source, copy, silent)
    assert.deepEqual(await allRows(copy), await allRows(source))
    await assert.rejects(
      copyStore(source, await freshUrl('postgresql'), silent),
      refused(/PostgreSQL cannot hold what is in affirmations, id 17: value has a NUL/),
    )
  })

  for (const to of ENGINES)
    test(`with half a character in a text is told by its row, for ${to}; a replacement character is copied as one`, async () => {
      const source = await installed('sqlite', 20)
      await query(source, "update affirmations set value = 'a\ufffdb' where id = 16")
      const copy = await freshUrl(to)
      await copyStore(source, copy, silent)
      assert.deepEqual(await allRows(copy), await allRows(source))
      // Of four bytes three, which reads as a character of three bytes.
      await query(source, "update affirmations set value = cast(x'61F09F9862' as text) where id = 17")
      await assert.rejects(
        copyStore(source, await freshUrl(to), silent),
        refused(/half a character in affirmations, id 17: value is no UTF-8/),
      )
    })
})
