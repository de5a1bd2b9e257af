import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { type Said, startCli } from '../support/cli.ts'
import { startServer, type TestServer } from '../support/server.ts'

const NOW = systemClock.now()
const folder = mkdtempSync(join(tmpdir(), 'affirmative-cli-'))
const file = (name: string): string => join(folder, name)
const databaseOf = (name: string) => ({ DATABASE_URL: `file:${file(`${name}.db`)}`, AFFIRMATIVE_LOG_LEVEL: 'info' })

let server: TestServer
let other: TestServer
before(async () => {
  ;[server, other] = await Promise.all([startServer(databaseOf('one')), startServer(databaseOf('other'))])
})
after(async () => {
  await Promise.all([server, other].map((one) => one.kill('SIGKILL')))
  rmSync(folder, { recursive: true })
})

const settings = () => ({ AFFIRMATIVE_URL: server.url, AFFIRMATIVE_SPOOL: file('spool') })
const cli = (...args: string[]): Promise<Said> => startCli(args, settings()).ended
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await cli(...args, '--json')).out) as T

describe('the command line asks a server', () => {
  test('registers, lists, shows and deletes events', async () => {
    const registered = await cli('events', 'register', 'moved', '--description', 'nächtlich', '--tag', 'a', '--tag', 'b')
    assert.match(registered.out, /^af_\w{8}\n$/)
    const { items } = await json<{ items: { name: string; tags: string[] }[] }>('events', '--tag', 'b')
    assert.deepEqual(
      items.map(({ name, tags }) => [name, tags]),
      [['moved', ['a', 'b']]],
    )
    assert.match((await cli('events', 'show', registered.out.trim())).out, /moved {2}af_.*\nnächtlich\n/)
    assert.equal((await cli('events', 'delete', 'moved')).status, 2)
    assert.equal((await cli('events', 'delete', 'moved', '--confirm', 'moved')).status, 0)
    const gone = await cli('events', 'show', 'moved')
    assert.deepEqual([gone.status, gone.out], [1, ''])
    assert.match(gone.err, /No event is called "moved"/)
  })

  test('an expectation given twice, in other words too, stays one; a dry run makes none', async () => {
    await cli('events', 'register', 'report')
    const terms = ['expect', 'report', '--schedule', '0 7 * * 1-5', '--tag', 'x']
    const dry = await cli(...terms, '--lookback', '90m', '--dry-run')
    assert.match(dry.out, /^Would be: at 07:00, Monday to Friday: at least 1 in the 1 hour 30 minutes before\n/)
    type Made = { created: boolean; expectation: { id: number } }
    const first = await json<Made>(...terms, '--lookback', '90m')
    const again = await json<Made>(...terms, '--lookback', '1h30m', '--at-least', '1', '--env', 'prod')
    assert.deepEqual([first.created, again.created, again.expectation.id], [true, false, first.expectation.id])
    assert.equal((await json<Made>(...terms, '--lookback', '90m', '--env', 'staging')).created, true)
    assert.equal((await json<{ items: unknown[] }>('expect', 'report', '--list')).items.length, 2)
    const wrong = await cli('expect', 'report', '--schedule', '0 25 * * *')
    assert.equal(wrong.status, 1)
    assert.match(wrong.err, /hour field "25" is out of range/)
  })

  test('status: 0 while nothing is missed, and a plugin for Nagios', async () => {
    const status = await cli('status')
    assert.equal(status.status, 0)
    assert.match(status.out, /^STATE +EVENT +ENV .*\nwaiting +report +/)
    const plugin = await cli('status', '--nagios')
    assert.deepEqual([plugin.status, plugin.out.split(' | ')[0]], [0, 'OK: nothing of 2 is missed'])
  })

  test('keys: the secret once, then revoked', async () => {
    const { id, secret } = await json<{ id: number; secret: string }>('keys', 'make', 'jobs', '--scope', 'affirm')
    const shown = await startCli(['events'], { ...settings(), AFFIRMATIVE_API_KEY: secret }).ended
    assert.equal(shown.status, 1)
    assert.match(shown.err, /scope/)
    assert.doesNotMatch((await cli('keys')).out, new RegExp(secret))
    assert.equal((await cli('keys', 'revoke', `${id}`)).status, 0)
  })

  test('a server that is not there, or is another program, is said in words and 3', async () => {
    for (const verb of [['status'], ['events'], ['keys'], ['export', '-'], ['expect', 'x', '--list']]) {
      const { status, out, err } = await startCli([...verb, '--url', 'http://127.0.0.1:9'], settings()).ended
      assert.deepEqual([status, verb[0] === 'export' ? '' : out], [3, ''], verb[0])
      assert.match(err, /^The server http:\/\/127\.0\.0\.1:9 cannot be asked: .*\.\n$/)
    }
    const plugin = await startCli(['status', '--nagios', '--url', 'http://127.0.0.1:9'], settings()).ended
    assert.deepEqual([plugin.status, plugin.out.slice(0, 9)], [3, 'UNKNOWN: '])
    const none = await startCli(['status'], {}).ended
    assert.deepEqual([none.status, none.out], [2, ''])
    assert.match(none.err, /Which server\? Say --url/)
  })
})

describe('export and import', () => {
  const importInto = (url: string, from: string, ...more: string[]) =>
    startCli(['import', from, '--url', url, ...more], settings()).ended

  test('an export read into an empty server gives the same export there, and again nothing new', async () => {
    const recent = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()
    const rows = [
      { event: 'pulse:1', at: recent(9), value: 'Łódź \u2028 \\ "x"', id: 'own' },
      { event: 'pulse:1', at: recent(8) },
      { event: 'pulse:1', at: recent(8) },
      { event: 'report', at: recent(7), status: 'fail', env: 'staging', value: [1, null] },
    ].map((row) => JSON.stringify(row))
    const delicate = `{"event":"report","at":"${recent(6)}","value":[12345678901234567890,-0,1e400]}`
    const body = [...rows, delicate].join('\n')
    const headers = { 'content-type': 'application/x-ndjson' }
    await fetch(`${server.url}/api/v1/affirmations`, { method: 'POST', headers, body })
    await fetch(`${server.url}/api/v1/maintenance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'reboots', schedule: '0 2 * * 0', lasts: '2h', match: { envs: ['prod'] } }),
    })

    const exported = await cli('export', file('a.ndjson'))
    assert.match(exported.err, /Exported: 2 events, 2 expectations, 1 maintenance, 5 affirmations\.\n$/)
    const text = readFileSync(file('a.ndjson'), 'utf8')
    assert.equal(text.split('\n')[0], '{"kind":"export","format":"affirmative","version":1}')
    assert.match(text, /12345678901234567890,-0,1e400/)

    assert.equal((await importInto(other.url, file('a.ndjson'))).status, 0)
    const back = await startCli(['export', '-', '--url', other.url], settings()).ended
    assert.equal(back.out, text)

    for (const url of [other.url, server.url]) {
      const again = await importInto(url, file('a.ndjson'), '--json')
      const { kinds } = JSON.parse(again.out) as { kinds: Record<string, { made: number; refused: number }> }
      assert.deepEqual([again.status, Object.values(kinds).map(({ made, refused }) => made + refused)], [0, [0, 0, 0, 0]])
    }
  })

  test('what is refused is counted with the reason, and the rest is taken', async () => {
    const line = (at: string) => `{"kind":"affirmation","affirmation":{"id":"${at}","event":"old","at":"${at}"}}`
    const now = new Date(NOW).toISOString()
    const lines = ['{"kind":"export","format":"affirmative","version":1}', line('2020-01-01T00:00:00Z'), line(now)]
    writeFileSync(file('old.ndjson'), lines.join('\n'))
    const { status, err } = await importInto(other.url, file('old.ndjson'))
    assert.equal(status, 1)
    assert.match(err, /affirmation: 1 made, 0 there already, 1 refused\n {2}1 × affirmation: .*30 days/)
  })

  test('what is no export is not understood, and nothing of it is taken', async () => {
    writeFileSync(file('no.ndjson'), '{"kind":"event","event":{"name":"sneaked"}}\n')
    const { status, err } = await importInto(other.url, file('no.ndjson'))
    assert.equal(status, 2)
    assert.match(err, /This is no export of affirmative/)
  })

  const HEADER = '{"kind":"export","format":"affirmative","version":1}\n'
  const broken: [what: string, line: string, said: RegExp][] = [
    ['holds nothing of its kind', '{"kind":"event"}', /^Line 2 says that it is of the kind event, and holds none\./],
    ['holds a text for it', '{"kind":"event","event":"x"}', /^Line 2 says/],
    ['does not end', 'x'.repeat(2 ** 21), /^Line 2 is longer than 1 MiB/],
  ]
  for (const [what, line, said] of broken)
    test(`a line that ${what} is not understood`, async () => {
      writeFileSync(file('broken.ndjson'), HEADER + line)
      const { status, err } = await importInto(other.url, file('broken.ndjson'))
      assert.equal(status, 2, err)
      assert.match(err, said)
    })
})
