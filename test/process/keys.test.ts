import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { startServer } from '../support/server.ts'

test('a stop writes down which keys were used, and a start knows them before the first request', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-keys-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'keys.db')
  const open = await startServer({ DATABASE_URL: `file:${file}` })
  const made = await fetch(`${open.url}/api/v1/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name": "jobs", "scopes": ["affirm"]}',
  })
  const { secret } = (await made.json()) as { secret: string }
  const headers = { authorization: `Bearer ${secret}` }
  assert.equal((await fetch(`${open.url}/affirm/job`, { headers })).status, 200)
  assert.equal(await open.kill('SIGTERM'), 0)
  const db = new Database(file, { readonly: true })
  const row = db.prepare<[], { used_at: number | null; hash: string }>('select used_at, hash from api_keys').get()
  db.close()
  assert.ok(row !== undefined && row.used_at !== null)
  assert.match(row.hash, /^[0-9a-f]{64}$/)

  const asking = await startServer({ DATABASE_URL: `file:${file}`, AFFIRMATIVE_AUTH: 'accounts' })
  assert.equal((await fetch(`${asking.url}/affirm/job`, { headers })).status, 200)
  assert.equal((await fetch(`${asking.url}/affirm/job`)).status, 401)
  await asking.kill('SIGTERM')
  for (const { output } of [open, asking]) assert.ok(!output().includes(secret), 'no log holds it')
})
