import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import Database from 'better-sqlite3'
import { startServer } from '../support/server.ts'

const dir = mkdtempSync(join(tmpdir(), 'affirmative-stop-'))
const file = (name: string): string => join(dir, `${name}.db`)
const on = (name: string) => ({ DATABASE_URL: `file:${file(name)}` })

/** A request whose body is held back until `finish` is called: it is in flight. */
function slowAffirm(url: string): { finish(): void; status: Promise<number> } {
  const sent = request(`${url}/affirm/in_flight`, { method: 'POST', headers: { 'content-length': '5' } })
  sent.write('hal')
  const status = new Promise<number>((resolve, reject) => {
    sent.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject)
  })
  return { finish: () => sent.end('lo'), status }
}

const idle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200))

describe('stopping and starting', () => {
  after(() => rmSync(dir, { recursive: true, force: true }))

  test('SIGTERM answers what is in flight, commits it, closes the ledger and exits 0 within 5 seconds', async () => {
    const server = await startServer(on('term'))
    const slow = slowAffirm(server.url)
    await idle()
    const asked = process.hrtime.bigint()
    const ended = server.kill('SIGTERM')
    await idle()
    slow.finish()
    assert.equal(await slow.status, 200)
    assert.equal(await ended, 0)
    assert.ok(Number(process.hrtime.bigint() - asked) / 1e9 < 5)

    const db = new Database(file('term'), { readonly: true })
    assert.equal(db.prepare<[], { n: number }>('select count(*) as n from affirmations').get()?.n, 1)
    const span = db.prepare<[], { span_from: number; span_to: number }>('select span_from, span_to from listening').get()
    assert.ok(span !== undefined && span.span_to - span.span_from >= 200, 'the span reaches to the stop')
    db.close()
  })

  test('SIGTERM does not wait for a client that never finishes its request', async () => {
    const server = await startServer(on('stuck'))
    const slow = slowAffirm(server.url)
    slow.status.catch(() => undefined)
    await idle()
    const asked = process.hrtime.bigint()
    assert.equal(await server.kill('SIGTERM'), 0)
    assert.ok(Number(process.hrtime.bigint() - asked) / 1e9 < 5)
  })

  test('a second instance on the same file is refused in words, and a kill -9 gives the file free', async () => {
    const first = await startServer(on('shared'))
    await assert.rejects(startServer(on('shared')), /Another affirmative is using .*shared\.db/)
    assert.equal((await fetch(`${first.url}/affirm/still_here`)).status, 200)
    await first.kill('SIGKILL')
    const next = await startServer(on('shared'))
    assert.equal(await next.kill('SIGTERM'), 0)
  })

  test('a database of a newer version is refused in words and not touched', async () => {
    const server = await startServer(on('newer'))
    await server.kill('SIGTERM')
    const db = new Database(file('newer'))
    db.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('of the future', 4_102_444_800_000)
    db.close()
    await assert.rejects(startServer(on('newer')), /newer affirmative/)
  })

  test('wrong settings are all told at once, and a taken port in words', async () => {
    await assert.rejects(
      startServer({ ...on('config'), PORT: '99999', AFFIRMATIVE_RETENTION: 'long', AFFIRMATIVE_AUTH: 'maybe' }),
      (error: Error) => {
        assert.match(error.message, /PORT=99999/)
        assert.match(error.message, /AFFIRMATIVE_RETENTION=long/)
        assert.match(error.message, /AFFIRMATIVE_AUTH=maybe – write one of open, accounts, proxy/)
        return true
      },
    )
    const server = await startServer(on('port'))
    await assert.rejects(startServer({ ...on('port2'), PORT: new URL(server.url).port }), /port is taken/)
    await server.kill('SIGTERM')
  })

  test('a database that cannot be opened is told in words, without a stack', async () => {
    writeFileSync(file('text'), 'this is no database, it only lies where one is wanted'.repeat(20))
    for (const [env, said] of [
      [on('text'), /cannot be opened: file is not a database/],
      [{ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' }, /cannot be opened: .*ECONNREFUSED/],
    ] as const)
      await assert.rejects(startServer(env), (error: Error) => {
        assert.match(error.message, said)
        assert.doesNotMatch(error.message, /secret|\n +at /)
        return true
      })
  })

  test('a misspelled setting is told in the log', async () => {
    const server = await startServer({ ...on('misspelled'), AFFIRMATIVE_RETENTOIN: '5d' })
    await server.kill('SIGTERM')
    assert.match(server.output(), /AFFIRMATIVE_RETENTOIN.*no setting/)
  })

  test('what was said before a restart is still there after it, and no false alarm is raised', async () => {
    const first = await startServer(on('again'))
    await fetch(`${first.url}/affirm/kept`, { method: 'POST', body: 'said' })
    await first.kill('SIGTERM')
    const next = await startServer(on('again'))
    const { items } = (await (await fetch(`${next.url}/api/v1/events/kept/affirmations`)).json()) as {
      items: { value: string }[]
    }
    assert.deepEqual(
      items.map(({ value }) => value),
      ['said'],
    )
    const verdicts = (await (await fetch(`${next.url}/api/v1/verdicts`)).json()) as { items: unknown[] }
    assert.deepEqual(verdicts.items, [])
    await next.kill('SIGTERM')
  })
})
