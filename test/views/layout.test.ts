import assert from 'node:assert/strict'
import { test } from 'node:test'
import { board, event, events, piece, problem, times } from './render.tsx'
import { aBoard, aFrame, anEvent, anEventList, counts, NOW } from './samples.ts'

const headOf = async (some: Parameters<typeof counts>[0]) => board(aBoard({ frame: aFrame({ counts: counts(some) }) }))

test('a page is a whole document', async () => {
  const html = await events(anEventList())
  assert.match(html, /^<!doctype html><html lang="en"><head>/)
  assert.ok(html.endsWith('</html>'))
})

test('the title starts with how many are missed', async () => {
  assert.match(await headOf({ missed: 2, met: 41 }), /<title>\(2\) Board · affirmative<\/title>/)
  assert.match(await headOf({ met: 41 }), /<title>Board · affirmative<\/title>/)
})

test('the favicon is red when anything is missed, green when all is met, grey when nobody can say', async () => {
  assert.match(await headOf({ missed: 1, met: 1 }), /favicon-missed\.svg/)
  assert.match(await headOf({ met: 1, waiting: 3, paused: 1 }), /favicon-met\.svg/)
  assert.match(await headOf({ met: 1, unknown: 1 }), /favicon-unknown\.svg/)
  assert.match(await headOf({ met: 1, late: 1 }), /favicon-unknown\.svg/)
  assert.match(await headOf({}), /favicon-unknown\.svg/)
})

test('without a database the page of a problem stands', async () => {
  const html = await problem()
  assert.match(html, /<title>Not Found · affirmative<\/title>/)
  assert.match(html, /favicon-unknown\.svg/)
})

test('the navigation leads only to pages that exist, and says where one is', async () => {
  const html = await events(anEventList())
  const nav = html.slice(html.indexOf('<nav'), html.indexOf('</nav>'))
  assert.deepEqual(
    [...nav.matchAll(/href="([^"]+)"/g)].map(([, href]) => href),
    ['/', '/sign-off', '/incidents', '/events', '/channels', '/settings'],
  )
  const few = await events(anEventList({ frame: aFrame({ pages: ['board', 'events'] }) }))
  assert.deepEqual(
    [...piece(few, 'nav', '</nav>').matchAll(/href="([^"]+)"/g)].map(([, href]) => href),
    ['/', '/events'],
  )
  assert.match(nav, /href="\/events" aria-current="page"/)
})

test('the foot says version, when it was judged, and the time', async () => {
  const html = await board(aBoard())
  const foot = html.slice(html.indexOf('<footer'))
  assert.match(foot, /<a href="\/about">affirmative 0\.1\.0<\/a> · it is <time.* · judged <time[^>]*>12 s ago<\/time>/)
  assert.match(foot, /title="2026-03-04 09:14:12 UTC, 10:14:12 in Europe\/Berlin"[^>]*>09:14:12 UTC</)
  assert.match(await board(aBoard({ frame: aFrame({ judgedAt: null }) })), /nothing judged yet/)
})

test('the navigation counts what waits and what is open, and keeps their place when there is nothing', async () => {
  const nav = piece(await board(aBoard({ frame: aFrame({ waiting: 1_950, openIncidents: 2 }) })), 'nav', '</nav>')
  assert.match(nav, /Sign-off <span class="count">1,950<span class="vh"> waiting</)
  assert.match(nav, /Incidents <span class="count missed">2<span class="vh"> open</)
  const calm = piece(await board(aBoard({ frame: aFrame({ waiting: 0, openIncidents: null }) })), 'nav', '</nav>')
  assert.equal(times(calm, /<span class="count[^>]*><\/span>/), 2)
})

test('who is signed in stands on top, with the way out', async () => {
  const html = await board(aBoard())
  assert.match(html, /<form class="who" method="post" action="\/sign-out"><a href="\/settings\/me">ann<\/a><button/)
  const elsewhere = await board(aBoard({ frame: aFrame({ hasOwnPage: false, canSignOut: false }) }))
  assert.match(elsewhere, /<span>ann<\/span><\/form>/)
  assert.ok(!(await board(aBoard({ frame: aFrame({ who: null }) }))).includes('sign-out'))
})

test('the look is on the document before anything is drawn', async () => {
  assert.match(
    await board(aBoard({ frame: aFrame({ look: 'dark' }) })),
    /<html lang="en" data-theme="dark">.*<meta name="color-scheme" content="dark"/,
  )
  assert.match(await board(aBoard()), /<html lang="en">.*<meta name="color-scheme" content="light dark"/)
})

test('the switches are forms that lead back here, and say what is chosen', async () => {
  const html = await board(aBoard({ frame: aFrame({ here: '/?q=etl&env=prod', look: 'light' }) }))
  const foot = html.slice(html.indexOf('<footer'))
  assert.equal(times(foot, 'name="back" value="/?q=etl&amp;env=prod"'), 2)
  assert.match(foot, /name="look" value="light" aria-pressed="true"/)
  assert.match(foot, /name="times" value="local" aria-pressed="false">Berlin</)
  const utc = await board(aBoard({ frame: aFrame({ moment: { now: NOW, timeZone: 'UTC', leads: 'utc' } }) }))
  assert.ok(!utc.includes('name="times"'), 'there is nothing to choose between')
})

test('what was done is said, in words of ours', async () => {
  assert.match(await event(anEvent({ frame: aFrame({ done: 'signed-off' }) })), /role="status"[^>]*>.*Signed off/)
})

test('every id stands once on a page', async () => {
  for (const html of [await board(aBoard()), await event(anEvent()), await events(anEventList())])
    for (const [, id] of html.matchAll(/\sid="([^"]+)"/g)) assert.equal(times(html, ` id="${id}"`), 1, id)
})
