import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Site } from '../support/site.ts'
import { type Ended, start } from './driver.ts'
import { aGround, type Ground, startClientSite } from './ground.ts'
import { AFFIRM, isHere, shellDriver } from './shell-driver.ts'

let site: Site
let ground: Ground
before(async () => {
  site = await startClientSite()
  ground = await aGround(site, shellDriver('dash', 'curl'))
})
after(async () => {
  await ground.close()
  await site.close()
})

const by = (script: string, args: readonly string[], more: Record<string, string> = {}, input = ''): Promise<Ended> =>
  start(['sh', script, ...args], { ...ground.settings, ...more }, input).ended

test('what is not understood is said, ends with 2 and sends nothing', async () => {
  for (const [args, words] of [
    [[], /which event/],
    [['--fial', 'usage_wrong'], /--fial is not known/],
    [['usage_wrong', 'value', 'more'], /what is "more"/],
    [['usage_wrong', '--env'], /--env needs a value/],
    [['run', 'usage_wrong'], /run EVENT -- command/],
    [['run', '--', 'true'], /which event/],
  ] as const) {
    const { status, out, err } = await by(AFFIRM, args)
    assert.deepEqual([status, `${out}`], [2, ''], err)
    assert.match(err, words)
  }
  assert.deepEqual(await ground.stored('usage_wrong'), [])
})

test('without a URL a call is not understood; a command runs all the same', async () => {
  const none = { AFFIRMATIVE_URL: '' }
  assert.equal((await by(AFFIRM, ['usage_none'], none)).status, 2)
  const { status, out, err } = await by(AFFIRM, ['run', 'usage_none', '--', 'sh', '-c', 'echo ran; exit 4'], none)
  assert.deepEqual([status, `${out}`], [4, 'ran\n'])
  assert.match(err, /AFFIRMATIVE_URL/)
})

test('a command of run has the umask and the environment that it would have, and a closed stdin does not stop it', async () => {
  const script = 'umask; env | grep -c LC_ALL'
  const command = ['sh', '-c', script]
  const plain = await start(['sh', '-c', 'exec "$@" <&-', 'sh', ...command], {}).ended
  const wrapped = await start(
    ['sh', '-c', 'exec "$@" <&-', 'sh', AFFIRM, 'run', 'usage_around', '--', ...command],
    ground.settings,
  ).ended
  assert.equal(wrapped.err, '')
  assert.equal(`${wrapped.out}`, `${plain.out}`)
  assert.equal((await ground.stored('usage_around')).length, 2)
})

test('--strict tells by 1 that it was not accepted now', async () => {
  assert.equal((await by(AFFIRM, ['--strict', 'usage_strict'])).status, 0)
  const away = ['--strict', '--timeout', '0.3', '--url', ground.front.nowhere, 'usage_strict']
  assert.equal((await by(AFFIRM, away)).status, 1)
  assert.equal((await by(AFFIRM, ['--strict', 'no good name'])).status, 1)
})

test('options may come after the event, and as --name=value', async () => {
  await by(AFFIRM, ['usage_order', '--env=a=b'])
  await by(AFFIRM, ['usage_order', 'v', '--fail', '--source=me', '--env=dev'])
  const [kept] = await ground.stored('usage_order')
  assert.deepEqual([kept?.status, kept?.source, kept?.env, kept?.value], ['fail', 'me', 'dev', '"v"'])
})

test('--help fits a screen', async () => {
  const { status, out } = await by(AFFIRM, ['--help'])
  const lines = `${out}`.split('\n')
  assert.ok(status === 0 && lines.length < 25 && lines.every((line) => line.length <= 100))
})

test('an event may be called run', async () => {
  await by(AFFIRM, ['--', 'run', 'value'])
  assert.equal((await ground.stored('run'))[0]?.value, '"value"')
})

test('the one file works alone, and the call of the original with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'affirmative-copied-'))
  const original = join(folder, 'shell_client.sh')
  copyFileSync(AFFIRM, join(folder, 'affirm.sh'))
  copyFileSync(AFFIRM.replace('affirm.sh', 'shell_client.sh'), original)
  const place = new URL(ground.front.url).host
  const none = { AFFIRMATIVE_URL: '' }
  assert.equal((await by(original, [place, 'prod', 'usage_original'], none)).status, 0)
  for (const data of ['it\'s "good"', '-', '--fail']) await by(original, [place, 'staging', 'usage_original', data], none)
  assert.deepEqual(
    (await ground.stored('usage_original')).map(({ env, value }) => [env, value]),
    [
      ['prod', null],
      ['staging', '"it\'s \\"good\\""'],
      ['staging', '"-"'],
      ['staging', '"--fail"'],
    ],
  )
  assert.equal((await by(original, [place, 'prod'])).status, 2)
  rmSync(folder, { recursive: true })
})

test('shellcheck finds nothing', { skip: !isHere('shellcheck') && 'shellcheck is not here' }, () => {
  const scripts = [AFFIRM, AFFIRM.replace('affirm.sh', 'shell_client.sh')]
  assert.equal(spawnSync('shellcheck', scripts).stdout.toString(), '')
})
