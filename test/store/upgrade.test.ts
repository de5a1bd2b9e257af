import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../../src/store/open.ts'
import { BY, SOMETIME } from '../support/author.ts'
import { TABLES } from '../support/installation.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { affirm, anEvent, anExpectation, at, judgeUpTo, query, settle, verdictsOf } from './contract/steps.ts'

const FOLDER = 'migrations/postgresql'
/** Made before the first release: nobody ran these versions side by side. */
const BEFORE_THE_RULE = ['0000_first.sql', '0001_verdicts_by_due.sql', '0002_many_nodes.sql']
/** Says which version stopped using what is taken away. */
const CONTRACTS = /^-- unused since \d+\.\d+\.\d+/
const INDEX = /^create (unique )?index .* on "(\w+)"/i
const ADDS = [
  /^create table /i,
  INDEX,
  /^alter table "\w+" add column (?=.* default )/i,
  /^alter table "\w+" add column (?!.* not null)/i,
  /^alter table "\w+" add constraint .* not valid$/i,
  /^insert into /i,
]

/** Statements that a running node of the version before might not survive. */
function breaking(sql: string): string[] {
  if (CONTRACTS.test(sql)) return []
  const statements = sql
    .split('--> statement-breakpoint')
    .map((statement) => statement.replace(/\s+/g, ' ').trim().replace(/;$/, ''))
    .filter((statement) => statement !== '')
  const made = new Set(statements.flatMap((statement) => /^create table "(\w+)"/i.exec(statement)?.[1] ?? []))
  return statements.filter((statement) => {
    // On what others write nothing may be unique that was not.
    const [, unique, table = ''] = INDEX.exec(statement) ?? []
    if (unique !== undefined && !made.has(table)) return true
    return !ADDS.some((pattern) => pattern.test(statement))
  })
}

describe('two versions side by side: a migration only adds, and takes away what no version in use knows', () => {
  test('each migration since the rule keeps it', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'))
    assert.deepEqual(files.slice(0, BEFORE_THE_RULE.length), BEFORE_THE_RULE)
    for (const name of files.slice(BEFORE_THE_RULE.length))
      assert.deepEqual(breaking(readFileSync(`${FOLDER}/${name}`, 'utf8')), [], name)
  })

  for (const sql of [
    'ALTER TABLE "events" DROP COLUMN "tags";',
    'ALTER TABLE "events" RENAME TO "things";',
    'ALTER TABLE "events" ADD COLUMN "colour" text NOT NULL;',
    'ALTER TABLE "events" ALTER COLUMN "tags" SET NOT NULL;',
    'DROP INDEX "events_name_unique";',
    'CREATE UNIQUE INDEX "one" ON "events" USING btree ("description");',
  ])
    test(`refused: ${sql}`, () => assert.equal(breaking(sql).length, 1))

  for (const sql of [
    'ALTER TABLE "events" ADD COLUMN "colour" text;',
    `ALTER TABLE "events" ADD COLUMN "colour" text DEFAULT 'red' NOT NULL;`,
    'CREATE TABLE "channels" ("id" bigserial PRIMARY KEY NOT NULL);--> statement-breakpoint\nCREATE UNIQUE INDEX "one" ON "channels" USING btree ("id");',
    'CREATE INDEX "some" ON "events" USING btree ("description");',
    '-- unused since 1.4.0\nALTER TABLE "events" DROP COLUMN "colour";',
  ])
    test(`allowed: ${sql}`, () => assert.deepEqual(breaking(sql), []))

  describe('a node of this version', () => {
    let postgres: TestPostgres
    before(async () => {
      postgres = await startPostgres()
    })
    after(() => postgres.stop())

    test('goes on when a node of the next one has migrated the database under it', async () => {
      const url = await postgres.url('upgraded')
      const store = await openStore(url, (error) => {
        throw error
      })
      const event = await anEvent(store, 'job')
      const expectation = await anExpectation(store, event, { schedule: '*/5 * * * *', lookback: '5m' })
      await affirm(store, event, { at: at('00:01') })
      await judgeUpTo(store, at('00:05'))
      for (const table of [...TABLES, 'client_ids']) {
        await query(url, `alter table "${table}" add column "of_tomorrow" text`)
        await query(url, `alter table "${table}" add column "at_first" bigint default 7 not null`)
      }
      await query(url, 'create table "new" (id bigserial primary key)')
      await query(url, "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 8640000000000000)")

      const made = await anEvent(store, 'made after')
      await anExpectation(store, made)
      assert.deepEqual(await affirm(store, event, { at: at('00:06'), id: 'a' }, { at: at('00:07'), id: 'a' }), [
        'stored',
        'duplicate',
      ])
      await affirm(store, event, { at: at('00:08'), status: 'fail', isNews: true })
      await judgeUpTo(store, at('00:10'))
      assert.equal(await settle(store, at('00:11')), 1)
      const verdicts = (await verdictsOf(store, expectation)).map(({ verdict }) => verdict)
      assert.deepEqual(verdicts, ['met', 'missed', 'met'])
      assert.equal((await store.affirmations(event, {}, { limit: 10, cursor: null })).items.length, 3)
      assert.ok(await store.deleteEvent(made.id, SOMETIME, BY))
      await store.prune({ affirmations: 0, verdicts: 0 }, 100)
      await store.close()
    })
  })
})
