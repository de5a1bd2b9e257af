import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeInWords } from '../../src/domain/audit-words.ts'
import { audit, settings } from './render.tsx'
import { aFrame, anAudit, someSettings } from './samples.ts'

test('the audit log says in words who changed what, from what to what, when and from where', async () => {
  const html = await audit(anAudit())
  assert.match(html, /09:13.*user:ann.*changed expectation 12 of etl: lookback 20m → 30m.*192\.0\.2\.7/s)
  assert.match(html, /href="\/settings\/audit\?cursor=older-please">Older/)
  assert.match(html, /href="\/settings\/audit\.csv"/)
})

test('filter and place stay in the links of the log', async () => {
  const html = await audit(anAudit({ filter: { who: 'ann', from: '2026-03-01', to: '' }, cursor: 'here' }))
  assert.match(html, /\?who=ann&amp;from=2026-03-01&amp;cursor=older-please"/)
  assert.match(html, /\?who=ann&amp;from=2026-03-01">To the newest/)
  assert.match(html, /audit\.ndjson\?who=ann&amp;from=2026-03-01"/)
})

test('a log without a line says why', async () => {
  assert.match(await audit(anAudit({ changes: [], next: null })), /Nothing was changed yet/)
  const filter = { who: 'ben', from: '', to: '' }
  assert.match(await audit(anAudit({ changes: [], next: null, filter })), /No change matches/)
  assert.match(await audit(anAudit({ changes: [], errors: { from: 'is no day' } })), /id="from"[^>]*aria-invalid="true"/)
})

test('changes in words', () => {
  const said = (action: string, subject: string, before: object | null, after: object | null) =>
    changeInWords({ action, subject, before, after } as Parameters<typeof changeInWords>[0])
  assert.equal(said('event.register', 'etl', null, { name: 'etl' }), 'registered event etl')
  assert.equal(said('event.clear', 'etl', { name: 'etl' }, null), 'cleared all affirmations of event etl')
  assert.equal(said('expectation.make', '3', null, { event: 'etl' }), 'made expectation 3 of etl')
  assert.equal(
    said('expectation.pause', '3', { event: 'etl', paused: false }, { event: 'etl', paused: true }),
    'paused expectation 3 of etl',
  )
  assert.equal(
    said('event.change', 'etl', { tags: [], description: '' }, { tags: ['a', 'b'], description: 'x'.repeat(99) }),
    `changed event etl: tags none → a, b, description none → ${'x'.repeat(80)}…`,
  )
  assert.equal(said('affirmation.withdraw', 'etl', { status: 'ok' }, null), 'took back an affirmation of etl')
  assert.equal(said('person.invite', 'admin', null, { role: 'admin' }), 'invited somebody as admin')
  assert.equal(said('person.password', 'ann', null, null), 'chose a new password for ann')
  assert.equal(said('key.revoke', 'deploy', { name: 'deploy' }, null), 'revoked key deploy')
  assert.equal(
    said('expectation.change', '3', { event: 'e', where: null }, { event: 'e', where: { source: 'web-*' } }),
    'changed expectation 3 of e: where none → {"source":"web-*"}',
  )
})

test('settings lead to what the reader may see, and to nothing else', async () => {
  const links = (html: string) =>
    [...html.slice(html.indexOf('<main')).matchAll(/<li class="line"><a href="([^"]+)"/g)].map(([, href]) => href)
  assert.deepEqual(links(await settings(someSettings())), [
    ...['/settings/me', '/settings/people', '/settings/keys', '/settings/audit', '/maintenance', '/events', '/about'],
  ])
  assert.deepEqual(links(await settings(someSettings({ frame: aFrame({ may: ['read', 'write'] }) }))), [
    '/settings/me',
    '/maintenance',
    '/events',
    '/about',
  ])
  assert.deepEqual(links(await settings(someSettings({ frame: aFrame({ who: null, may: ['read'] }) }))), [
    '/maintenance',
    '/events',
    '/about',
  ])
})

test('every setting of the process says which variable changes it', async () => {
  const html = await settings(someSettings())
  for (const name of ['AUTH', 'RETENTION', 'VERDICT_RETENTION', 'DELIVERY_RETENTION', 'TIME_ZONE', 'ENV', 'URL'])
    assert.ok(html.includes(`AFFIRMATIVE_${name}</code>`), name)
  assert.match(html, /400 days.*Europe\/Berlin.*https:\/\/affirm\.example/s)
})

test('environments that are empty, unknown or too many to look at say so', async () => {
  assert.match(await settings(someSettings()), /prod.*default.*1,950.*3 seen.*staging.*0 seen.*never/s)
  assert.match(await settings(someSettings({ environments: [] })), /None yet/)
  assert.match(await settings(someSettings({ environments: null })), /cannot be asked/)
  const many = [{ name: 'prod', expectations: 9, events: null, last: null }]
  assert.match(await settings(someSettings({ environments: many })), /too many to count/)
})
