import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Site } from '../support/site.ts'
import { aGround, type Ground, startClientSite } from './ground.ts'
import { python, startPython, startPythonCli } from './python-driver.ts'
import { passesTheTable } from './table.ts'

const PATIENT = { AFFIRMATIVE_TIMEOUT: '30' }
const SOURCES = join(import.meta.dirname, '../../clients/python/affirmative')

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
  /** Status and value of all that is stored of an event, starts first. */
  const told = async (ground: Ground, event: string) =>
    (await ground.stored(event))
      .map(({ status, value }) => [status, JSON.parse(value ?? 'null')])
      .sort(([one], [other]) => Number(other === 'start') - Number(one === 'start'))

  expects('the original’s call works as it stands, and does not slow its caller', async (ground) => {
    const call = (name: string) =>
      `import time; from affirmative import Client; t = time.monotonic()\nClient("${ground.front.url}", "prod").affirm_one("${name}", "good")\n` +
      'print(time.monotonic() - t)\n'
    await says(ground, `${call('py_original')}time.sleep(3)`)
    assert.deepEqual(await told(ground, 'py_original'), [['ok', 'good']])
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
    const [start, end] = await told(ground, 'py_block')
    assert.deepEqual([start, end?.[0], Object.keys(end?.[1])], [['start', null], 'ok', ['seconds']])
    assert.equal((await told(ground, 'py_raises'))[1]?.[1].error, "KeyError: 'row 7'")
    assert.equal((await told(ground, 'py_leaves'))[1]?.[0], 'ok')
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
      assert.deepEqual((await told(ground, event)).map(([status]) => status).sort(), ['ok', 'start'])
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

  test('it is written in the Python of 3.8', async () => {
    for (const name of readdirSync(SOURCES).filter((file) => file.endsWith('.py'))) {
      const script = 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))'
      const { err } = await startPython(script, {}, readFileSync(join(SOURCES, name), 'utf8')).ended
      assert.equal(err, '', name)
    }
  })
})
