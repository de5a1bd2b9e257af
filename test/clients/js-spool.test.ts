import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { aClient } from './js-client.ts'

const HOUR = 3_600
const isRoot = process.geteuid?.() === 0

describe('a spool in which something is wrong', { timeout: 10_000 }, () => {
  let spool: string
  beforeEach(() => {
    spool = mkdtempSync(join(tmpdir(), 'affirmative-js-spool-'))
  })
  afterEach(() => rmSync(spool, { recursive: true, force: true }))

  const leave = (at: number, event = 'waited') =>
    writeFileSync(join(spool, `${at}-left.json`), `{"event":"${event}","at":${at},"id":"left-${at}"}\n`)
  const jsonIn = () => readdirSync(spool).filter((name) => name.endsWith('.json'))
  const flushed = async (more: { spool?: string } = {}) => {
    const on = await aClient({ spool, ...more })
    void on.client.affirm('own')
    await on.client.flush()
    return { ...on, events: on.names().flat().sort() }
  }

  for (const [what, make] of [
    ['a folder', () => mkdirSync(join(spool, '1-dir.json'))],
    ['a pipe', () => spawnSync('mkfifo', [join(spool, '1-fifo.json')])],
    ['a link to nowhere', () => spawnSync('ln', ['-s', '/nonexistent/file', join(spool, '1-link.json')])],
  ] as const)
    test(`${what} is passed over, and this is said once`, async () => {
      make()
      leave(2)
      const { events, said, client } = await flushed()
      assert.deepEqual(events, ['own', 'waited'])
      void client.affirm('own')
      await client.flush()
      assert.equal(said.length, 1, said.join('\n'))
      assert.match(said[0] ?? '', /1-\w+\.json is passed over.*no plain file/)
      assert.equal(jsonIn().length, 1)
    })

  test('a lock of the future belongs to nobody', async () => {
    leave(2)
    mkdirSync(join(spool, 'lock'))
    const { clock } = await aClient()
    utimesSync(join(spool, 'lock'), clock.now() / 1_000 + HOUR, clock.now() / 1_000 + HOUR)
    const { events } = await flushed()
    assert.deepEqual(events, ['own', 'waited'])
    assert.equal(existsSync(join(spool, 'lock')), false)
  })

  test('what cannot be put aside is sent once', async () => {
    writeFileSync(join(spool, 'refused'), 'a file where the folder should be')
    const on = await aClient({ spool })
    leave(2, 'bad')
    const isBad = () => on.sent.at(-1)?.lines.some(({ event }) => event === 'bad') === true
    // Where it is met again and again this comes to an end, too.
    on.server.answer = (count) => (isBad() && on.sent.length < 50 ? new Response('no', { status: 422 }) : on.taken(count))
    for (let call = 0; call < 2; call += 1) {
      void on.client.affirm('own')
      await on.client.flush()
    }
    assert.deepEqual(on.names().flat().sort(), ['bad', 'own', 'own'])
    assert.match(on.said.join('\n'), /cannot be put aside/)
    assert.deepEqual(jsonIn(), ['2-left.json'])
  })

  test('a folder of somebody else is not used', { skip: !isRoot && 'only root can give a folder away' }, async () => {
    leave(2)
    spawnSync('chown', ['65534', spool])
    const { events, said } = await flushed()
    assert.deepEqual([events, jsonIn()], [['own'], ['2-left.json']])
    assert.match(said.join('\n'), /belongs to somebody else.*sent all the same/)
  })
})

test('without a home there is no spool: said once, and sent', async () => {
  const { HOME, XDG_STATE_HOME, AFFIRMATIVE_SPOOL } = process.env
  const folder = mkdtempSync(join(tmpdir(), 'affirmative-js-home-'))
  for (const name of ['HOME', 'XDG_STATE_HOME', 'AFFIRMATIVE_SPOOL']) delete process.env[name]
  try {
    const { client, said } = await aClient({ spool: undefined })
    const outcomes = [client.affirm('a'), client.affirm('b')]
    await client.flush()
    assert.deepEqual(
      (await Promise.all(outcomes)).map(({ state }) => state),
      ['accepted', 'accepted'],
    )
    assert.equal(said.length, 1, said.join('\n'))
    assert.match(said[0] ?? '', /HOME/)
    process.env.HOME = folder
    const other = await aClient({ spool: undefined })
    void other.client.affirm('c')
    await other.client.flush()
    assert.deepEqual(other.said, [])
    assert.ok(statSync(join(folder, '.local/state/affirmative/spool')).isDirectory())
  } finally {
    for (const [name, value] of Object.entries({ HOME, XDG_STATE_HOME, AFFIRMATIVE_SPOOL }))
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    rmSync(folder, { recursive: true })
  }
})
