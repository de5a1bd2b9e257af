import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { aListener } from '../../src/http/direct.ts'
import { fresh, type Item } from './fresh.ts'

const isHere = (program: string): boolean => spawnSync(program, ['--version']).status === 0
const without = (program: string): string | false => (isHere(program) ? false : `${program} is not installed`)
const run = async (program: string, args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { timeout: 20_000 })).stdout

/** What the original's python client sends, by what comes with python. */
const PYTHON = `
import json, sys, time, urllib.parse, urllib.request
url, env = sys.argv[1:]
def post(path, data, headers={}):
    request = urllib.request.Request(url + path, data=data, headers=headers)
    print(urllib.request.urlopen(request, timeout=10).read().decode())
event = {"env": env, "name": "that_critical_app_health_check", "time": time.time(), "data": "good"}
post("/affirmative/store", json.dumps({"events": [event]}).encode(), {"content-type": "application/json"})
post("/affirmative/store", json.dumps({"events": [{"name": "without_env", "time": time.time(), "data": "good"}]}).encode())
post("/affirmative/simplest", urllib.parse.urlencode({"event_name": "sometest"}).encode())
`

/** What its shell client does, line by line: the address has no scheme, and the time is a text. */
const SHELL = `
url=$1 env=$2 event=$3 string=$4
seconds=$(date +%s)
body="{\\"events\\": [{\\"name\\": \\"$event\\", \\"env\\": \\"$env\\", \\"time\\": \\"$seconds\\", \\"data\\": \\"$string\\"}]}"
curl -sS -X POST -H "Content-Type:application/json" -d "$body" "$url/affirmative/store"
`

describe('the original’s clients, as they call', () => {
  const here = fresh()
  let server: Server
  let host: string
  beforeEach(async () => {
    // They say by the clock of this machine when it happened.
    here.world.clock.set(Date.now())
    server = createServer(aListener(here.world.services)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => server.close())

  const latest = async (name: string) => (await here.affirmations(name))[0]
  const isRecent = (affirmation: Item | undefined) =>
    Math.abs(Date.parse(affirmation?.at as string) - here.world.clock.now()) < 60_000

  test('python', { skip: without('python3') }, async () => {
    assert.equal(await run('python3', ['-c', PYTHON, `http://${host}`, 'staging']), 'cool\ncool\ncool\n')
    const checked = await latest('that_critical_app_health_check')
    assert.deepEqual([checked?.env, checked?.value, isRecent(checked)], ['staging', 'good', true])
    assert.deepEqual([(await latest('without_env'))?.env, (await latest('sometest'))?.value], ['prod', 'ok'])
  })

  test('shell', { skip: without('curl') }, async () => {
    const shell = (...args: string[]) => run('sh', ['-c', SHELL, 'sh', host, ...args])
    assert.equal(await shell('prod', 'machine_learning_model_under_control'), 'cool')
    const signed = await latest('machine_learning_model_under_control')
    assert.deepEqual([signed?.env, signed?.value, isRecent(signed)], ['prod', '', true])
    assert.match(await shell('prod', 'quoted', 'a "quote" breaks it'), /"status":400.*not JSON/)
    assert.deepEqual(await here.names(), ['machine_learning_model_under_control'])
  })

  test('curl: forms, the outer cron and what is read', { skip: without('curl') }, async () => {
    const curl = (...args: string[]) => run('curl', ['-sS', ...args])
    const at = (path: string) => `http://${host}/affirmative/${path}`
    assert.equal(await curl('-d', 'event_name=sometest', at('simplest')), 'cool')
    const { key } = JSON.parse(await curl('-d', 'event_name=sometest', at('register_event'))) as { key: string }
    assert.deepEqual(Object.keys(JSON.parse(await curl(at('get_event_config')))), [key])
    assert.equal(await curl(at('do_minutely_cron_dont_touch_this')), 'yay')
    assert.equal(JSON.parse(await curl(at('events/sometest'))).length, 1)
    assert.equal(await curl('--data-urlencode', `key_to_delete=${key}`, at('unregister_event')), 'yay')
    assert.equal(await curl(at('get_event_config')), '{}')
    await assert.rejects(curl('-f', '-d', 'event_name=two words', at('simplest')), /400/)
  })
})
