import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventDeletion, events, inMain, times } from './render.tsx'
import { aFrame, anEventList } from './samples.ts'

const viewer = aFrame({ may: ['read'] })

test('an event stands over its expectations, each with its sentence, state, env and next due', async () => {
  const html = await events(anEventList())
  const rows = html.slice(html.indexOf('<tbody>'), html.indexOf('</tbody>'))
  assert.match(
    rows,
    /etl_<wbr\/>ran.*every hour: at least 1.*met.*prod.*in 60 min.*every day: at least 1.*paused.*not while paused/s,
  )
})

test('an event without an expectation stands out, with the name it may be a typo of and a way to expect something', async () => {
  const html = await events(anEventList())
  assert.match(
    html,
    /<tr class="lonely">.*href="\/events\/etl_rann\/expectations\/new".*Written wrongly\? There is.*etl_<wbr\/>ran/s,
  )
})

test('headings sort and say how it is sorted; filter and order stay in every link', async () => {
  const filter = { q: 'x y', tag: 'a', state: 'met', isUnexpectedOnly: false, sort: 'due', isDown: false } as const
  const html = await events(anEventList({ filter, page: 2 }))
  assert.match(
    html,
    /<th scope="col" aria-sort="ascending"><a href="\/events\?q=x\+y&amp;tag=a&amp;state=met&amp;sort=due&amp;dir=desc">/,
  )
  assert.equal(times(html, 'aria-sort'), 1)
  assert.match(html, /href="\/events\?q=x\+y&amp;tag=a&amp;state=met&amp;sort=due">Back/)
  assert.match(html, /href="\/events\?q=x\+y&amp;tag=a&amp;state=met&amp;sort=due&amp;page=3">More events/)
  assert.match(html, /href="\/events\.csv\?q=x\+y&amp;tag=a&amp;state=met&amp;sort=due"/)
})

test('who may change gets the forms; who may only look is offered none', async () => {
  const editor = await events(anEventList({ frame: aFrame({ may: ['read', 'write'] }) }))
  for (const offered of [
    /name="pause" value="1"/,
    /name="resume" value="2"/,
    /name="do" value="pause"/,
    /href="\/events\/etl_ran\/delete"/,
  ])
    assert.match(editor, offered)
  const looked = inMain(await events(anEventList({ frame: viewer })))
  assert.ok(!/method="post"|type="checkbox" name="expectation"|\/edit"|\/delete"|expectations\/new|Register/.test(looked))
  assert.match(looked, /every hour: at least 1/)
})

test('a table that is empty says why', async () => {
  const empty = { items: [], total: 0 }
  const filter = { q: '', tag: '', state: '', isUnexpectedOnly: false, sort: 'event', isDown: false } as const
  assert.match(await events(anEventList({ ...empty, filter })), /No event yet/)
  assert.match(await events(anEventList(empty)), /No event matches/)
  assert.match(await events(anEventList({ items: [], total: 7, page: 9 })), /ends before this part/)
})

test('deleting an event asks for its name', async () => {
  const html = await eventDeletion()
  assert.match(html, /method="post" action="\/events\/etl_ran\/delete"/)
  assert.match(html, /name="confirm"/)
  assert.match(html, /2 expectations with all verdicts/)
})
