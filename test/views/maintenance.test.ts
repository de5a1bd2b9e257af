import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../src/domain/time.ts'
import { board, event, inMain, maintenance, piece, wall } from './render.tsx'
import { aBoard, aForm, aFrame, aMaintenance, aMaintenancePage, anEvent, aRow } from './samples.ts'

const text = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
const listed = (html: string, standing: string) => text(piece(html, `${standing}-h`, '</section>'))

test('what is on says until when, what comes says when, what is over says who ended it when', async () => {
  const html = await maintenance(aMaintenancePage())
  assert.match(
    listed(html, 'on'),
    /new disks by user:ann until 10:14:12 , since 08:14:12 backup_\* in prod .*End it now new disks/,
  )
  assert.match(
    listed(html, 'coming'),
    /reboots .*every Sunday at 02:00 for 2 hours 5 Mar 09:14:12 to 5 Mar 10:14:12, in 24 h .*End it for good/,
  )
  assert.match(listed(html, 'past'), /old disks .*08:14:12 to 10:14:12 ended 08:44:12/)
  assert.match(html, /href="\/maintenance\?cursor=older-please">Older ones/)
  assert.match(listed(await maintenance(aMaintenancePage({ coming: [aMaintenance()] })), 'coming'), /Call it off/)
})

test('nothing on, to come or over says so', async () => {
  const past = { items: [], cursor: null, next: null }
  assert.match(await maintenance(aMaintenancePage({ on: [], coming: [], past })), /No maintenance was planned yet/)
  assert.match(listed(await maintenance(aMaintenancePage({ on: [] })), 'on'), /Nothing is in maintenance/)
})

test('who may not plan sees no form, and nothing to press', async () => {
  const html = inMain(await maintenance(aMaintenancePage({ frame: aFrame({ may: ['read'] }) })))
  assert.ok(!/<form|<button|Change/.test(html))
})

test('the form has the fields of its kind, leads to the other, and keeps the event that it was opened for', async () => {
  const fields = (html: string) =>
    [...piece(html, 'plan', '</section>').matchAll(/<input[^>]*\sname="([^"]+)"/g)].map(([, name]) => name)
  const html = await maintenance(aMaintenancePage())
  assert.deepEqual(fields(html), ['kind', 'name', 'from', 'to', 'timeZone', 'events', 'tags', 'envs'])
  assert.match(html, /href="\/maintenance\?event=etl_ran&amp;plan=again#plan"/)
  assert.match(html, /href="\/maintenance\?event=etl_ran&amp;for=1h#plan">Now for 1 h/)
  const { values } = aMaintenancePage().form
  const again = await maintenance(aMaintenancePage({ form: aForm({ ...values, kind: 'again' }) }))
  assert.deepEqual(fields(again), ['kind', 'name', 'schedule', 'lasts', 'timeZone', 'events', 'tags', 'envs'])
  assert.match(again, /href="\/maintenance\?event=etl_ran#plan"/)
})

test('a mistake stands at its field, and what was typed stays', async () => {
  const html = await maintenance(aMaintenancePage())
  assert.match(html, /Nothing was saved: 1 field needs a look: <a href="#to">To<\/a>/)
  assert.match(piece(html, 'to-error', '</p>'), /is no time/)
  assert.match(html, /id="from"[^>]*value="2026-03-04T22:00"/)
})

test('one that is changed posts to itself, and can be left as it is', async () => {
  const html = await maintenance(aMaintenancePage({ id: 7 }))
  assert.match(html, /method="post" action="\/maintenance\/7"/)
  assert.match(html, /href="\/maintenance">Leave it as it is/)
  assert.ok(!html.includes('Now for'))
})

test('board, wall and event page mark what is in maintenance, and until when; nothing else', async () => {
  const until = Date.parse('2026-03-04T04:00Z') + 24 * HOUR
  const under = { name: 'new disks', until }
  const mark = /<span class="tag" title="new disks">in maintenance until <time[^>]*>5 Mar 04:00<\/time>/
  const trouble = [aRow({ state: 'missed', under })]
  assert.match(await board(aBoard({ trouble })), mark)
  assert.match(await wall(aBoard({ trouble })), mark)
  const [entry] = anEvent().expectations
  assert.match(await event(anEvent({ expectations: entry === undefined ? [] : [{ ...entry, under }] })), mark)
  for (const html of [await board(aBoard()), await wall(aBoard()), await event(anEvent())])
    assert.ok(!html.includes('in maintenance'))
})

test('the page of an event leads to the form, filled in for an hour from now, where one may plan', async () => {
  const link = '/maintenance?event=etl_ran&amp;for=1h#plan'
  assert.ok((await event(anEvent())).includes(link))
  assert.ok(!(await event(anEvent({ frame: aFrame({ may: ['read'] }) }))).includes('/maintenance'))
})
