import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { NotAsked, Refused } from '../../../src/cli/api.ts'
import { crontabVerb } from '../../../src/cli/crontab.ts'
import { WrongUsage } from '../../../src/cli/verb.ts'
import { systemClock } from '../../../src/clock.ts'
import { startEngine, type TestEngine } from '../../support/engines.ts'
import { type Site, startSite } from '../../support/site.ts'

const dir = mkdtempSync(join(tmpdir(), 'affirmative-crontab-'))
const fileOf = (text: string): string => {
  const file = join(dir, 'crontab')
  writeFileSync(file, Buffer.from(text, 'latin1'))
  return file
}

/** What the verb prints: the crontab's bytes, and what people are told. */
async function said(args: readonly string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) {
  const printed = { out: '', err: '' }
  const to = (name: keyof typeof printed) => ({
    write: (text: string | Uint8Array) => {
      printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
    },
  })
  async function* read() {
    yield Buffer.from(input, 'latin1')
  }
  const status = await crontabVerb.run(args, { env, out: to('out'), err: to('err'), input: read })
  return { ...printed, status }
}

/** Runs a text as cron does; what it asks is answered meanwhile. */
async function shell(text: string, env: Record<string, string>) {
  const child = spawn('/bin/sh', ['-c', text], {
    env: { PATH: process.env.PATH, HOME: dir, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  const [status] = await once(child, 'close')
  return { stdout, status: status as number | null }
}

const HERE = ['--wrap', '/bin/true', '--zone', 'Europe/Berlin', '--prefix', '']

after(() => rmSync(dir, { recursive: true, force: true }))

describe('affirmative crontab', () => {
  test('prints the crontab to standard output and the plan for people to standard error', async () => {
    const input = 'AFFIRMATIVE_URL=https://affirm.example\n# caf\xe9\n0 1 * * * /opt/backup.sh\n@reboot /opt/agent\n'
    const { out, err, status } = await said(HERE, { input })
    assert.equal(status, 0)
    assert.equal(
      out,
      'AFFIRMATIVE_URL=https://affirm.example\n# caf\xe9\n0 1 * * * /bin/true run backup -- /opt/backup.sh\n@reboot /bin/true run agent -- /opt/agent\n',
    )
    assert.deepEqual(err.split('\n'), [
      'Read as the crontab of a user.',
      'LINE  EVENT   COMMAND         SCHEDULE   ZONE           LOOKBACK  GRACE  WHAT',
      '3     backup  /opt/backup.sh  0 1 * * *  Europe/Berlin  5m        2h     wrapped',
      '4     agent   /opt/agent      –          –              –         –      wrapped; runs when the machine starts: nobody knows when that is, so nothing is expected',
      '',
    ])
  })

  test('tells of which command each line is, of a long one its beginning', async () => {
    const { err } = await said(HERE, { input: `@daily echo caf\xc3\xa9\n@daily echo ${'a'.repeat(60)}\nwhat is that\n` })
    const lines = err.split('\n')
    assert.match(lines[2] ?? '', /^1 +job +echo café +@daily/)
    assert.match(lines[3] ?? '', /^2 +job-2 +echo a{34}… +@daily/)
    assert.match(lines[4] ?? '', /^3 +– +what is that +–/)
  })

  test('names events after this machine, or as it is told', async () => {
    const input = '@daily /opt/backup.sh\n'
    const names = async (...prefix: string[]) =>
      JSON.parse((await said(['--wrap', '/bin/true', '--json', ...prefix], { input })).out).items[0].event as string
    const host = hostname()
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9-]/g, '_')
    assert.equal(await names(), `${host}_backup`)
    assert.equal(await names('--prefix', 'db.eu-2'), 'db.eu-2_backup')
    assert.equal(await names('--prefix', ''), 'backup')
  })

  test('warns of what would keep jobs from starting or affirming', async () => {
    const { err } = await said(['--wrap', '/nowhere/affirm.sh'], { input: 'TZ=Asia/Tokyo\n@daily a\n' })
    assert.match(err, /note: No line AFFIRMATIVE_URL=/)
    assert.match(err, /note: TZ is for what the jobs show/)
    assert.match(err, /note: \/nowhere\/affirm\.sh is not on this machine/)
  })

  test('as JSON holds the crontab in the plan, in base64 where it is no UTF-8', async () => {
    const { out, err } = await said([...HERE, '--json', '--env', 'staging'], { input: '@daily ü\n'.replace('ü', '\xc3\xbc') })
    assert.equal(err, '')
    const { form, items, crontab } = JSON.parse(out)
    assert.equal(form, 'user')
    assert.equal(crontab, "@daily /bin/true run job --env staging -- /bin/sh -c 'ü'\n")
    assert.deepEqual(items[0], {
      line: 1,
      event: 'job',
      command: 'ü',
      env: 'staging',
      outcome: 'wrapped',
      schedule: '@daily',
      timeZone: 'Europe/Berlin',
      lookback: '5m',
      grace: '2h',
      note: null,
      applied: null,
    })
    assert.ok('base64' in JSON.parse((await said(['--json'], { input: '# \xff\n' })).out).crontab)
  })

  test('refuses in words what it cannot read, and prints nothing then', async () => {
    const refuses = (args: readonly string[], says: RegExp, input = '') =>
      assert.rejects(said(args, { input }), (error: Error) => error instanceof WrongUsage && says.test(error.message))
    await refuses(['/nowhere/crontab'], /\/nowhere\/crontab cannot be read: ENOENT/)
    await refuses([], /NUL/, '@daily a\0')
    await refuses([], /longer than 4 MiB/, '#'.repeat(5e6))
    await refuses(['--wrap', '/opt/my affirm.sh'], /--wrap must be a path/)
    await refuses(['--zone', 'Berlin'], /Europe\/Berlin/)
    await refuses(['--env', 'a b'], /no name of an environment/)
    await refuses(['--prefix', 'my host'], /--prefix must/)
    await refuses(['--prefix', 'x'.repeat(64)], /--prefix must/)
    await refuses(['--update'], /--update goes with --apply/)
    await refuses(['--apply'], /Which server/)
  })
})

describe('affirmative crontab --apply', () => {
  let engine: TestEngine
  let site: Site
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    site = await startSite(await engine.open(), '2026-03-01T12:00Z')
  })
  afterEach(() => site.close())
  const applies = (text: string, ...more: string[]) =>
    said([fileOf(text), '--apply', '--json', '--url', site.url, ...HERE, ...more]).then(({ out }) =>
      (JSON.parse(out).items as { applied: string | null }[]).map(({ applied }) => applied),
    )
  const expectations = async () => {
    const answer = await fetch(`${site.url}/api/v1/expectations`)
    return ((await answer.json()) as { items: Record<string, unknown>[] }).items
  }

  test('registers the events and creates what is expected, once however often it is given', async () => {
    const text = '0 1 * * * /opt/backup.sh\n@reboot /opt/agent\n0 0 30 2 * /opt/never\n'
    assert.deepEqual(await applies(text), ['created: expectation 1', 'registered', null])
    assert.deepEqual(await applies(text), ['as it was: expectation 1', 'as it was', null])
    const wrapped = (await said([fileOf(text), ...HERE])).out
    assert.deepEqual(await applies(wrapped), ['as it was: expectation 1', 'as it was', null])
    const [made, ...others] = await expectations()
    assert.equal(others.length, 0)
    const { event, env, schedule, timeZone, atLeast, atMost, lookback, grace, tags } = made ?? {}
    assert.deepEqual(
      { event, env, schedule, timeZone, atLeast, atMost, lookback, grace, tags },
      {
        ...{ event: 'backup', env: 'prod', schedule: '0 1 * * *', timeZone: 'Europe/Berlin' },
        ...{ atLeast: 1, atMost: null, lookback: '5m', grace: '2h', tags: ['crontab'] },
      },
    )
  })

  test('keeps apart the jobs of two machines that are called alike', async () => {
    const on = (host: string, command: string) => applies(`0 1 * * * ${command}\n`, '--prefix', host)
    assert.deepEqual(await on('db-1', '/opt/backup.sh'), ['created: expectation 1'])
    assert.deepEqual(await on('db-2', '/srv/other/backup.sh'), ['created: expectation 2'])
    assert.deepEqual(
      (await expectations()).map(({ event }) => event),
      ['db-1_backup', 'db-2_backup'],
    )
  })

  test('tells what differs, and changes it only with --update', async () => {
    await applies('0 1 * * * /opt/backup.sh\n')
    const [differs] = await applies('0 2 * * * /opt/backup.sh\n')
    assert.equal(differs, 'differs: expectation 1 has schedule 0 1 * * * (--update changes it)')
    assert.equal((await expectations())[0]?.schedule, '0 1 * * *')
    assert.deepEqual(await applies('0 2 * * * /opt/backup.sh\n', '--update'), ['changed: expectation 1 had schedule 0 1 * * *'])
    assert.deepEqual(await applies('0 2 * * * /opt/backup.sh\n'), ['as it was: expectation 1'])
    assert.equal((await expectations()).length, 1)
  })

  test('keeps apart two lines of one event, two environments, and what somebody expects by hand', async () => {
    const run = '/bin/true run sync -- sync.sh'
    const text = `0 6 * * 1-5 ${run}\n0 9 * * 6 ${run}\n`
    assert.deepEqual(await applies(text), ['created: expectation 1', 'created: expectation 2'])
    assert.deepEqual(await applies(text), ['as it was: expectation 1', 'as it was: expectation 2'])
    assert.deepEqual(await applies('@daily sync.sh\n', '--env', 'staging'), ['created: expectation 3'])
    await site.world.expects('by_hand', { schedule: '0 5 * * *', lookback: '1h' })
    assert.deepEqual(await applies('0 5 * * * by_hand\n'), ['created: expectation 5'])
  })

  test('goes by a key, and says so when nobody has it', async () => {
    const { eventKey } = await site.world.expects('keyed', { schedule: '0 5 * * *' })
    assert.deepEqual(await applies(`0 5 * * * /bin/true run ${eventKey} -- a\n`), ['created: expectation 2'])
    await assert.rejects(applies('0 5 * * * /bin/true run af_22222222 -- a\n'), Refused)
  })

  test('prints lines that affirm what their jobs did', async () => {
    // affirm.sh says by the clock of this machine when it was.
    await site.close()
    site = await startSite(await engine.open(), systemClock.now())
    const text = '@daily echo moin | tr a-z A-Z; exit 3\n'
    const wrapped = (await said([fileOf(text), '--prefix', '', '--wrap', resolve('clients/shell/affirm.sh')])).out
    const { stdout, status } = await shell(wrapped.replace('@daily ', ''), {
      AFFIRMATIVE_URL: site.url,
      AFFIRMATIVE_SPOOL: 'off',
    })
    assert.deepEqual([stdout, status], ['MOIN\n', 3])
    const answer = await fetch(`${site.url}/api/v1/events/tr/affirmations`)
    const { items } = (await answer.json()) as { items: { status: string; value: { exit: number } }[] }
    assert.deepEqual([items[0]?.status, items[0]?.value.exit], ['fail', 3])
  })

  test('prints no crontab when the server cannot be asked', async () => {
    const printed = said([fileOf('@daily a\n'), '--apply', '--url', 'http://127.0.0.1:1'])
    await assert.rejects(printed, NotAsked)
  })
})
