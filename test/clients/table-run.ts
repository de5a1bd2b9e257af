import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Driver, Ended, Settings } from './driver.ts'
import { type Expects, type Ground, type Kept, SHORT } from './ground.ts'

/** The two affirmations of one run: its end, and its start when that arrived. */
function tellingOf(kept: readonly Kept[]) {
  const end = kept.find(({ status }) => status === 'ok' || status === 'fail')
  return { start: kept.find(({ status }) => status === 'start'), end, value: JSON.parse(end?.value ?? 'null') }
}

/** What was told of it in the end: `run` waits for a slow server no longer than a moment, and a later call delivers the rest. */
async function toldOf({ affirm, waiting, stored }: Ground, event: string): Promise<Kept[]> {
  if (waiting().length > 0) await affirm({ event: 'run_next' })
  return stored(event)
}

/** `run`: nobody who looks at the command can tell that it is wrapped. */
export function runningIsUnseen(expects: Expects, driver: Driver): void {
  const run = (event: string, argv: readonly string[], settings: Settings, input?: string): Promise<Ended> =>
    driver.run?.(event, argv, settings, input).ended ?? Promise.reject(new Error('This client wraps no commands.'))

  expects('a run tells its start, its end, how long it took and what it printed', async (ground) => {
    const script = 'cat; echo to stderr >&2; exit 0'
    const ended = await run('run_good', ['sh', '-c', script], ground.settings, 'from stdin\n')
    assert.deepEqual([ended.status, ended.out.toString(), ended.err], [0, 'from stdin\n', 'to stderr\n'])
    const { start, end, value } = tellingOf(await toldOf(ground, 'run_good'))
    assert.ok(start && end && start.at <= end.at)
    assert.equal(end.status, 'ok')
    assert.equal(value.exit, 0)
    assert.ok(value.seconds >= 0 && value.seconds < 60)
    assert.deepEqual(value.output.trim().split('\n').sort(), ['from stdin', 'to stderr'])
    assert.deepEqual(ground.waiting(), [])
  })

  expects('a command that fails fails as it did, and its last ten thousand bytes are told', async (ground) => {
    const script = 'i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done; exit 3'
    const { status, out } = await run('run_bad', ['sh', '-c', script], ground.settings)
    assert.equal(status, 3)
    assert.equal(out.toString().split('\n').length, 3_001)
    const { end, value } = tellingOf(await toldOf(ground, 'run_bad'))
    assert.deepEqual([end?.status, value.exit], ['fail', 3])
    assert.ok(value.output.endsWith('line 2999\n'))
    assert.ok(value.output.length <= 10_240 && value.output.length > 9_000)
  })

  expects('a command that is not there: 127; one that may not run: 126', async (ground) => {
    assert.equal((await run('run_none', ['/nonexistent/program'], ground.settings)).status, 127)
    assert.equal((await run('run_none', ['/etc/passwd'], ground.settings)).status, 126)
    assert.deepEqual(
      (await toldOf(ground, 'run_none'))
        .filter(({ status }) => status === 'fail')
        .map(({ value }) => JSON.parse(`${value}`).exit),
      [127, 126],
    )
  })

  expects('death by a signal is passed through and told', async (ground) => {
    const { status, signal } = await run('run_dead', ['sh', '-c', 'kill -TERM $$'], ground.settings)
    assert.ok(signal === 'SIGTERM' || status === 143, `${status} ${signal}`)
    const { end, value } = tellingOf(await toldOf(ground, 'run_dead'))
    assert.deepEqual([end?.status, value.signal], ['fail', 'SIGTERM'])
  })

  expects('signals reach the command', async (ground) => {
    for (const [name, status] of [
      ['SIGTERM', 11],
      ['SIGHUP', 12],
      ['SIGUSR1', 13],
    ] as const) {
      const script = `trap 'echo got; exit ${status}' ${name.slice(3)}; echo ready; while :; do sleep 0.02; done`
      const started = driver.run?.('run_signal', ['sh', '-c', script], ground.settings)
      await new Promise((resolve) => started?.child.stdout?.once('data', resolve))
      await wait(20)
      started?.child.kill(name)
      const ended = await started?.ended
      assert.deepEqual([ended?.status, ended?.out.toString()], [status, 'ready\ngot\n'])
    }
    assert.equal((await toldOf(ground, 'run_signal')).filter(({ status }) => status === 'fail').length, 3)
  })

  expects('with the server away the command does not notice, and all is told later', async ({ affirm, settings, ...ground }) => {
    const away = { ...settings, AFFIRMATIVE_URL: ground.front.nowhere, ...SHORT }
    const { status, out } = await run('run_away', ['echo', 'hello'], away)
    assert.deepEqual([status, out.toString()], [0, 'hello\n'])
    assert.equal(ground.waiting().length, 2)
    await affirm({ event: 'run_away', status: 'log' })
    assert.deepEqual((await ground.stored('run_away')).map(({ status: told }) => told).sort(), ['log', 'ok', 'start'])
  })

  expects('the command does not wait for a server that is silent', async ({ settings, front }) => {
    front.set({ kind: 'silent' })
    const started = driver.run?.('run_silent', ['echo', 'at once'], { ...settings, AFFIRMATIVE_TIMEOUT: '6' })
    const first = await Promise.race([
      new Promise((resolve) => started?.child.stdout?.once('data', (piece) => resolve(`${piece}`))),
      wait(5_500, 'too late', { ref: false }),
    ])
    assert.equal(first, 'at once\n')
    assert.equal((await started?.ended)?.status, 0)
  })
}
