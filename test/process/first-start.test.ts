import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type Said, startCli } from '../support/cli.ts'
import { startServer, type TestServer } from '../support/server.ts'

const dir = mkdtempSync(join(tmpdir(), 'affirmative-first-'))
const on = (name: string) => ({ DATABASE_URL: `file:${join(dir, name)}.db` })
const ACCOUNTS = { AFFIRMATIVE_AUTH: 'accounts' }
const invite = (env: Record<string, string>, ...args: string[]): Promise<Said> => startCli(['invite', ...args], env).ended
const PASSWORD = 'nine lives of a quiet cat'

/** The link of the set-up comes right after the line by which the server is known to listen. */
async function linkOf(server: TestServer): Promise<string | undefined> {
  for (let i = 0; i < 20 && !server.output().includes('"link"'); i += 1) await new Promise((resolve) => setTimeout(resolve, 50))
  return /"link":"([^"]+)"/.exec(server.output())?.[1]
}

const joinBy = (link: string, name: string): Promise<Response> =>
  fetch(link, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(link).origin },
    body: new URLSearchParams({ name, password: PASSWORD, again: PASSWORD }),
  })

describe('the first start with accounts', () => {
  after(() => rmSync(dir, { recursive: true, force: true }))

  test('logs a link, a new one each time, until somebody has used one', async () => {
    const env = { ...on('first'), ...ACCOUNTS }
    const one = await startServer(env)
    const older = (await linkOf(one)) ?? assert.fail()
    await one.kill('SIGTERM')
    const two = await startServer(env)
    const newer = (await linkOf(two)) ?? assert.fail()
    assert.equal((await fetch(new URL(new URL(older).pathname, two.url))).status, 404)
    assert.equal((await joinBy(newer, 'ann')).status, 303)
    await two.kill('SIGTERM')
    const three = await startServer(env)
    assert.equal(await linkOf(three), undefined)
    assert.equal((await fetch(`${three.url}/api/v1/events`)).status, 401)
    assert.equal((await fetch(`${three.url}/affirm/backup`)).status, 401, 'the direct way asks, too')
    assert.equal((await fetch(`${three.url}/healthz`)).status, 200)
    await three.kill('SIGTERM')
  })

  test('is what an address that others reach gets unless it is said to be open', async () => {
    const everywhere = await startServer({ ...on('everywhere'), HOST: '0.0.0.0' })
    assert.match((await linkOf(everywhere)) ?? '', /^http:\/\/localhost:\d+\/welcome\/[\w-]{43}$/)
    await everywhere.kill('SIGTERM')
    const open = await startServer({ ...on('everywhere'), HOST: '0.0.0.0', AFFIRMATIVE_AUTH: 'open' })
    assert.equal(await linkOf(open), undefined)
    await open.kill('SIGTERM')
    const here = await startServer(on('here'))
    assert.equal((await fetch(`${here.url}/api/v1/events`)).status, 200)
    await here.kill('SIGTERM')
  })

  test('affirmative invite lets in who is locked out, and says in words what is in its way', async () => {
    const env = { ...on('locked'), ...ACCOUNTS, AFFIRMATIVE_URL: 'https://affirm.example' }
    const { status, out } = await invite(env, '--role', 'admin')
    assert.equal(status, 0)
    assert.match(out, /^https:\/\/affirm\.example\/welcome\/[\w-]{43}\n$/)
    const told = JSON.parse((await invite(env, '--role', 'viewer', '--json')).out)
    assert.equal(told.role, 'viewer')
    assert.match(told.url, /^https:\/\/affirm\.example\/welcome\//)
    const server = await startServer(env)
    const running = await invite(env, '--role', 'admin')
    assert.equal(running.status, 1)
    assert.match(running.err, /The server is running on this SQLite file.*Stop the server/)
    assert.equal((await joinBy(`${server.url}${new URL(out.trim()).pathname}`, 'ann')).status, 303)
    await server.kill('SIGTERM')
    for (const args of [[], ['--role', 'king'], ['admin']]) assert.equal((await invite(env, ...args)).status, 2)
  })
})
