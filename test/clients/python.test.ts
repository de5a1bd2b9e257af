import assert from 'node:assert/strict'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import type { Site } from '../support/site.ts'
import { aGround, type Ground, startClientSite, tellingsOf } from './ground.ts'
import { IS_ROOT, leaveHidden, left, NOBODY } from './owners.ts'
import { python, startPython, startPythonCli } from './python-driver.ts'
import { passesTheTable } from './table.ts'

const PATIENT = { AFFIRMATIVE_TIMEOUT: '30' }
const SAY = 'from affirmative import Client; Client().affirm("py_own", id="own")'
const SOURCES = join(process.cwd(), 'clients/python/affirmative')

passesTheTable(python)

describe('what is the Python client’s own', { skip: python.skip, concurrency: 2 }, () => {
  let site: Site
  before(async () => {
    site = await startClientSite()
  })
  after(() => site.close())
  const expects = (title: string, hold: (ground: Ground) => Promise<void>) =>
    test(title, async () => {
      const ground = await aGround(site, python)
      await hold(ground).finally(() => ground.close())
    })
  const says = async ({ settings }: Ground, script: string, more = {}) => {
    const { status, out, err } = await startPython(script, { ...settings, ...PATIENT, ...more }).ended
    assert.equal(status, 0, err)
    return { out: out.toString(), err }
  }

  expects('the original’s call works as it stands, and does not slow its caller', async (ground) => {
    const call = (name: string) =>
      `import time; from affirmative import Client; t = time.monotonic()\nClient("${ground.front.url}", "prod").affirm_one("${name}", "good")\n` +
      'print(time.monotonic() - t)\n'
    await says(ground, `${call('py_original')}time.sleep(3)`)
    assert.deepEqual(await tellingsOf(ground, 'py_original'), [['ok', 'good']])
    ground.front.set({ kind: 'silent' })
    const { out } = await says(ground, call('py_hurried'))
    assert.ok(Number(out) < 3, out)
    assert.deepEqual(
      ground.waiting().map(({ event, value }) => [event, value]),
      [['py_hurried', 'good']],
    )
  })

  expects('a block tells its start and its end; what it raises passes', async (ground) => {
    const { out } = await says(
      ground,
      `
from affirmative import Client
client = Client()
with client.run("py_block"): pass
try:
    with client.run("py_raises"): raise KeyError("row 7")
except KeyError as error: print(repr(error))
with client.run("py_leaves"):
    raise SystemExit(0)`,
    )
    assert.equal(out, "KeyError('row 7')\n")
    const [start, end] = await tellingsOf(ground, 'py_block')
    assert.deepEqual([start, end?.[0], Object.keys(end?.[1])], [['start', null], 'ok', ['seconds']])
    assert.equal((await tellingsOf(ground, 'py_raises'))[1]?.[1].error, "KeyError: 'row 7'")
    assert.equal((await tellingsOf(ground, 'py_leaves'))[1]?.[0], 'ok')
  })

  expects('a decorated function is called as before, and so is one that is awaited', async (ground) => {
    const { out } = await says(
      ground,
      `
import asyncio, time
from affirmative import Client
client = Client()
@client.runs("py_called")
def called(a, *, b): "Adds."; return a + b
@client.runs("py_awaited")
async def awaited(a): await asyncio.sleep(0); return a
print(called(1, b=2), called.__doc__, asyncio.run(awaited(3)))
time.sleep(2)`,
    )
    assert.equal(out, '3 Adds. 3\n')
    for (const event of ['py_called', 'py_awaited'])
      assert.deepEqual((await tellingsOf(ground, event)).map(([status]) => status).sort(), ['ok', 'start'])
  })

  expects('threads share one client, and forked processes have it, too', async (ground) => {
    await says(
      ground,
      `
import os, threading
from affirmative import Client
client = Client()
threads = [threading.Thread(target=client.affirm, args=("py_threads",), kwargs={"id": f"t{n}"}) for n in range(40)]
for thread in threads: thread.start()
for thread in threads: thread.join()
pid = os.fork()
client.affirm("py_forked", id="child" if pid == 0 else "parent")
if pid == 0: os._exit(0)
os.waitpid(pid, 0)`,
    )
    assert.equal((await ground.stored('py_threads')).length, 40)
    assert.deepEqual((await ground.stored('py_forked')).map(({ id }) => id).sort(), ['child', 'parent'])
  })

  expects('whatever it is given, it never raises and never prints to stdout', async (ground) => {
    const { out, err } = await says(
      ground,
      `
import datetime
from affirmative import Client
class Odd:
    def __str__(self): raise RuntimeError("no words")
    __repr__ = __str__
cycle = []; cycle.append(cycle); deep = []
for _ in range(5000): deep = [deep]
client = Client()
for value in (float("nan"), cycle, deep, {1, 2}, {"at": datetime.date(2026, 3, 1)}, "a\\0b", "\\ud800", {"a": "\\ud800\\0"}): assert client.affirm("py_odd", value)
for wrong in (Odd(), None, 7): client.affirm(wrong, wrong, at="never")
client.affirm("py_odd", Odd())
client.affirm("py_odd", at=float("inf"))
Client("ftp://nowhere").affirm("py_odd")
Client(timeout="soon", api_key="two\\nlines").affirm("py_odd")`,
    )
    assert.equal(out, '')
    assert.doesNotMatch(err, /Traceback|two/)
    assert.equal((await ground.stored('py_odd')).length, 9)
  })

  expects(
    'the exit status of the command line says whether it was understood, and with --strict whether it was accepted',
    async (ground) => {
      const away = { ...ground.settings, AFFIRMATIVE_URL: ground.front.nowhere }
      const statusOf = async (args: string[], settings = ground.settings) => (await startPythonCli(args, settings).ended).status
      assert.equal(await statusOf(['--strict', '--timeout', '30', 'py_cli', '{"rows": 1e400}']), 0)
      assert.equal((await ground.stored('py_cli'))[0]?.value, '{"rows":1e400}')
      assert.deepEqual([await statusOf(['py_cli'], away), await statusOf(['--strict', 'py_cli'], away)], [0, 1])
      const { AFFIRMATIVE_URL: _, ...unset } = ground.settings
      for (const args of [[], ['--no-such', 'x'], ['run', 'x'], ['--at', 'noon', 'x']]) assert.equal(await statusOf(args), 2)
      assert.equal(await statusOf(['x'], unset), 2)
    },
  )

  expects('a file that cannot be read is passed over, and said', async (ground) => {
    const hidden = leaveHidden(ground, 'py_hidden')
    // What it imports late may lie where only root reads.
    const warm = 'import os; from affirmative import Client; Client(spool="off").affirm("py_warm")\n'
    const { err } = await says(ground, `${warm}${IS_ROOT ? `os.setuid(${NOBODY})` : ''}\nClient().affirm("py_hidden", id="own")`)
    assert.match(err, /^affirmative: \d+-hidden\.json [^\n]*passed over[^\n]*\n$/)
    assert.deepEqual((await ground.stored('py_hidden')).map(({ id }) => id).sort(), ['good', 'own'])
    assert.deepEqual(readdirSync(ground.spool), [hidden])
  })

  test('a folder of another user is not used', { skip: IS_ROOT ? false : 'only root gives folders away' }, async () => {
    const ground = await aGround(site, python)
    ground.leave(left('theirs', 'py_theirs'))
    chownSync(ground.spool, NOBODY, NOBODY)
    const { err } = await says(ground, SAY.replace('py_own', 'py_theirs'))
    assert.match(err, /^affirmative: [^\n]*not kept[^\n]*another user[^\n]*\n$/)
    assert.deepEqual(
      (await ground.stored('py_theirs')).map(({ id }) => id),
      ['own'],
    )
    assert.equal(readdirSync(ground.spool).length, 1)
    await ground.close()
  })

  expects('without a home there is no spool: said once, and sent', async (ground) => {
    const twice = 'from affirmative import Client; c = Client(); c.affirm("py_homeless"); c.affirm("py_homeless")'
    const { err } = await says(ground, twice, { HOME: '', AFFIRMATIVE_SPOOL: '' })
    assert.match(err, /^affirmative: neither HOME nor XDG_STATE_HOME [^\n]*\n$/)
    assert.equal((await ground.stored('py_homeless')).length, 2)
  })

  expects('what cannot be put aside is left alone, and holds up nobody', async (ground) => {
    ground.leave(left('bad', 'no good name', 90_000))
    ground.leave(left('good', 'py_aside'))
    writeFileSync(join(ground.spool, 'refused'), '')
    const { err } = await says(ground, SAY.replace('py_own', 'py_aside'))
    assert.match(err, /-bad\.json of the spool is passed over: it cannot be moved/)
    assert.deepEqual((await ground.stored('py_aside')).map(({ id }) => id).sort(), ['good', 'own'])
    assert.deepEqual(
      ground.front.seen.flatMap(({ ids }) => ids),
      ['own', 'bad', 'good'],
    )
  })

  expects('an answer that trickles is not read beyond the time', async (ground) => {
    const server = createServer((_, response) => {
      const trickle = setInterval(() => response.write(' '), 50)
      response.writeHead(200).once('close', () => clearInterval(trickle))
    }).listen(0, '127.0.0.1')
    const script =
      'import threading, time; from affirmative import Client\nClient(timeout=1).affirm("py_trickle"); time.sleep(1); print(threading.active_count())'
    const { port } = await new Promise<AddressInfo>((resolve) =>
      server.once('listening', () => resolve(server.address() as AddressInfo)),
    )
    const { out } = await says(ground, script, { AFFIRMATIVE_URL: `http://127.0.0.1:${port}` })
    server.close()
    server.closeAllConnections()
    assert.equal(out, '1\n')
    assert.equal(ground.waiting().length, 1)
  })

  expects('what killed clients left unfinished is removed after a day, and nothing else', async (ground) => {
    const names = [
      '.0123456789abcdef.tmp',
      '.1700000000000-x.json.0af3',
      '.1700000000000-x.4711',
      '.lock.4711',
      '.profile',
      '.fedcba9876543210.tmp',
    ]
    ground.leave(left('good', 'py_sweep'))
    for (const name of names) {
      if (name.startsWith('.lock')) mkdirSync(join(ground.spool, name))
      else writeFileSync(join(ground.spool, name), '{')
      const longAgo = systemClock.now() / 1_000 - 90_000
      if (!name.startsWith('.fed')) utimesSync(join(ground.spool, name), longAgo, longAgo)
    }
    await says(ground, SAY.replace('py_own', 'py_sweep'))
    assert.deepEqual(readdirSync(ground.spool).sort(), ['.fedcba9876543210.tmp', '.profile'])
  })

  expects('a lock of the dead is broken, whatever is in it', async (ground) => {
    ground.leave(left('good', 'py_lock'))
    mkdirSync(join(ground.spool, 'lock', 'more'), { recursive: true })
    utimesSync(join(ground.spool, 'lock'), 1, 1)
    await says(ground, SAY.replace('py_own', 'py_lock'))
    assert.deepEqual(readdirSync(ground.spool), [])
  })

  expects('run waits for a server that hangs two seconds at most, and leaves no lock', async (ground) => {
    ground.front.set({ kind: 'silent' })
    const settings = { ...ground.settings, AFFIRMATIVE_TIMEOUT: '8' }
    const { status, elapsed } = await startPythonCli(['run', 'py_hangs', '--', 'true'], settings).ended
    assert.equal(status, 0)
    assert.ok(elapsed < 6_000, `${elapsed} ms`)
    assert.deepEqual(
      ground.waiting().map((one) => one.status),
      ['start', 'ok'],
    )
    assert.equal(existsSync(join(ground.spool, 'lock')), false)
    const unkept = { ...settings, AFFIRMATIVE_SPOOL: 'off', AFFIRMATIVE_TIMEOUT: '4' }
    const { elapsed: whole } = await startPythonCli(['run', 'py_hangs', '--', 'true'], unkept).ended
    assert.ok(whole >= 3_900, `${whole} ms`)
  })

  expects('the command line reads a value from stdin', async (ground) => {
    const said = await startPythonCli(['py_stdin', '-'], { ...ground.settings, ...PATIENT }, '{"rows": 812}').ended
    assert.equal(said.err, '')
    assert.deepEqual(
      (await ground.stored('py_stdin')).map(({ value }) => value),
      ['{"rows":812}'],
    )
  })

  test('it is written in the Python of 3.8', async () => {
    for (const name of readdirSync(SOURCES).filter((file) => file.endsWith('.py'))) {
      const script = 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))'
      const { err } = await startPython(script, {}, readFileSync(join(SOURCES, name), 'utf8')).ended
      assert.equal(err, '', name)
    }
  })
})
