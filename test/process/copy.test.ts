import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openStore } from '../../src/store/open.ts'
import { query, rowsIn } from '../store/contract/steps.ts'
import { cli, type Said, startCli } from '../support/cli.ts'
import { allRows, anInstallation } from '../support/installation.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startServer } from '../support/server.ts'

const AFFIRMATIONS = 40_000
const KILL_AFTER = [5_000, 20_000]

const dir = mkdtempSync(join(tmpdir(), 'affirmative-copy-'))
const file = (name: string): string => `file:${join(dir, `${name}.db`)}`
let postgres: TestPostgres
before(async () => {
  postgres = await startPostgres()
})
after(async () => {
  await postgres.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function installed(url: string, affirmations = 0): Promise<string> {
  const store = await openStore(url, () => undefined)
  await anInstallation(store, affirmations)
  await store.close()
  return url
}

const copy = (from: string, to: string, ...more: string[]): Promise<Said> => cli('copy', '--from', from, '--to', to, ...more)

/** How many affirmations have arrived, as the copy has noted it. */
async function arrived(url: string): Promise<number> {
  // There is nothing to read before it begins and when it is done.
  const rows = await query<{ state: string }>(url, "select state from copying where name = 'affirmations'").catch(() => [])
  return rows[0] === undefined ? 0 : (JSON.parse(rows[0].state) as { rows: number }).rows
}

async function killInTheMiddle(from: string, to: string, affirmations: number): Promise<void> {
  const { child, ended } = startCli(['copy', '--from', from, '--to', to])
  while (child.exitCode === null && (await arrived(to)) < affirmations) await wait(2)
  child.kill('SIGKILL')
  assert.equal((await ended).status, null, `it was killed before its end, with ${affirmations} affirmations`)
}

describe('affirmative copy', () => {
  test('from SQLite to PostgreSQL and back, killed twice each way, gives equal rows in every table', async () => {
    const [first, back] = [await installed(file('first'), AFFIRMATIONS), file('back')]
    const moved = await postgres.url('moved')
    for (const affirmations of KILL_AFTER) await killInTheMiddle(first, moved, affirmations)
    await assert.rejects(startServer({ DATABASE_URL: moved }), /copy into this database was not finished: run it again or drop/)
    const there = await copy(first, moved)
    assert.match(there.out, /\nDone: 40,\d{3} rows in .*; both sides agree\.\n$/)
    assert.deepEqual([there.status, there.err], [0, ''])

    for (const affirmations of KILL_AFTER) await killInTheMiddle(moved, back, affirmations)
    await assert.rejects(startServer({ DATABASE_URL: back }), /copy into this database was not finished: run it again or drop/)
    assert.equal((await copy(moved, back)).status, 0)

    const rows = await allRows(first)
    assert.deepEqual(await allRows(moved), rows)
    assert.deepEqual(await allRows(back), rows)
  })

  test('is refused while a server runs; after it the server runs on the target, and a client id sent again is a duplicate', async () => {
    const [from, to] = [file('used'), await postgres.url('used')]
    const send = async (url: string, id: string) => {
      const response = await fetch(`${url}/api/v1/affirmations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ event: 'moved', id }]),
      })
      return ((await response.json()) as { accepted: number }).accepted
    }
    const first = await startServer({ DATABASE_URL: from })
    assert.equal(await send(first.url, 'run-1'), 1)
    const inUse = await copy(from, to)
    assert.equal(inUse.status, 1)
    assert.match(inUse.err, /--from: Another copy, or a server, is using .*used\.db/)
    await first.kill('SIGTERM')
    assert.equal((await copy(from, to)).status, 0)

    const second = await startServer({ DATABASE_URL: to })
    assert.equal(await send(second.url, 'run-1'), 0, 'it is a duplicate')
    assert.equal(await send(second.url, 'run-2'), 1)
    const running = await copy(to, file('late'))
    assert.equal(running.status, 1)
    assert.match(running.err, /--from: A server used it until a moment ago/)
    await second.kill('SIGTERM')
    assert.equal(await rowsIn(to, 'affirmations'), 2)
  })

  test('tells its progress as one JSON object a line with --json', async () => {
    const from = await installed(file('told'))
    const { status, out } = await copy(from, file('json'), '--json')
    assert.equal(status, 0)
    const lines = out.trim().split('\n')
    const steps = lines.map((line) => JSON.parse(line) as { step: string; table?: string; percent?: number; rows?: number })
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['counting', 'copying', 'indexing', 'comparing', 'done'],
    )
    assert.equal(typeof steps[1]?.percent, 'number')
    assert.equal(steps.at(-1)?.rows, Object.values(await allRows(from)).flat().length)
  })

  test('says what it refuses in words and ends with 1', async () => {
    const [from, other] = [await installed(file('full')), await installed(file('other'))]
    for (const [to, said] of [
      [other, /--to: .*not empty.*events/],
      [from, /same database/],
      ['postgres://nobody:secret@127.0.0.1:1/none', /--to cannot be opened: .*ECONNREFUSED/],
    ] as const) {
      const { status, err } = await copy(from, to)
      assert.equal(status, 1)
      assert.match(err, said)
      assert.doesNotMatch(err, /secret|\n +at /)
    }
  })
})

describe('the command line', () => {
  test('says what it can, and its version', async () => {
    const help = await cli('--help')
    assert.equal(help.status, 0)
    for (const verb of ['serve', 'copy', 'invite']) assert.match(help.out, new RegExp(`^  ${verb} `, 'm'))
    assert.match((await cli('--version')).out, /^\d+\.\d+\.\d+\n$/)
  })

  test('refuses what it does not understand in words, with 2, and does nothing', async () => {
    for (const [args, said] of [
      [['dance'], /There is no verb "dance"\. There are: serve, affirm, run/],
      [['--verbose'], /There is no verb "--verbose"/],
      [['serve', '--port', '80'], /Unknown option '--port'/],
      [['copy'], /--from is missing: write file:PATH or postgres:/],
      [['copy', '--from', file('a')], /--to is missing/],
      [['copy', '--form', file('a')], /Unknown option '--form'/],
      [['copy', '--from', file('a'), '--to', file('b'), 'now'], /Unexpected argument 'now'/],
      [['copy', '--from', file('a'), '--to', 'mysql://ann:secret@host/b'], /--to is no address of a database: write file:PATH/],
    ] as const) {
      const { status, out, err } = await cli(...args)
      assert.deepEqual([status, out], [2, ''], args.join(' '))
      assert.match(err, said)
      assert.doesNotMatch(err, /secret|\n +at /)
    }
  })

  test('starts the server without a verb and with serve', async () => {
    for (const args of [[], ['serve']]) {
      const server = startCli(args, { DATABASE_URL: file('served'), PORT: '0' })
      await new Promise((resolve) => server.child.stdout?.once('data', resolve))
      server.child.kill('SIGTERM')
      const { status, out } = await server.ended
      assert.equal(status, 0)
      assert.match(out, /affirmative listens/)
    }
    const wrong = await startCli(['serve'], { PORT: 'eighty' }).ended
    assert.equal(wrong.status, 1)
    assert.match(wrong.err, /PORT=eighty/)
  })
})
