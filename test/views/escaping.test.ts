import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  audit,
  board,
  deletion,
  event,
  eventDeletion,
  events,
  expectationForm,
  keys,
  maintenance,
  problem,
  revoking,
  settings,
  signOff,
} from './render.tsx'
import {
  aBoard,
  aDeletion,
  aKeyList,
  aMaintenancePage,
  anAsk,
  anAudit,
  anEvent,
  anEventDeletion,
  anEventList,
  anExpectationForm,
  aProblem,
  aRevoking,
  aRow,
  aSignOff,
  someSettings,
} from './samples.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>' autofocus onfocus=alert(3) x='`
/** Words that choose a look or an address of ours; they come from our own lists, never from outside. */
const OURS = new Set([
  'state',
  'verdict',
  'from',
  'status',
  'kind',
  'timeZone',
  'done',
  'standing',
  'sort',
  'look',
  'leads',
  'pages',
])

/** The same model with every text that could come from outside replaced by a hostile one. */
function hostile<T>(model: T, name = ''): T {
  if (typeof model === 'string') {
    if (OURS.has(name)) return model
    return (name === 'value' ? JSON.stringify(HOSTILE) : HOSTILE) as T
  }
  if (Array.isArray(model)) return model.map((one) => hostile(one, name)) as T
  if (typeof model !== 'object' || model === null) return model
  return Object.fromEntries(Object.entries(model).map(([key, value]) => [key, hostile(value, key)])) as T
}

const unexpected = { total: 30, items: [{ event: 'x', eventKey: 'af_x', last: { at: 0, source: 's' }, nearest: 'y' }] }
const PAGES: Record<string, () => Promise<string>> = {
  board: () =>
    board(
      hostile(
        aBoard({
          unexpected,
          filterError: 'no',
          trouble: [aRow({ state: 'missed', tags: ['1', '2', '3', '4'], under: { name: 'n', until: 0 } })],
        }),
      ),
    ),
  'board, empty': () => board(hostile(aBoard({ frame: { ...aBoard().frame, counts: null }, unexpected }))),
  event: () => event(hostile(anEvent())),
  events: () => events(hostile(anEventList({ mistake: 'no' }))),
  'event deletion': () => eventDeletion(hostile(anEventDeletion())),
  'audit log': () => audit(hostile(anAudit())),
  'audit log, wrong days': () => audit(hostile(anAudit({ errors: { from: 'x', to: 'y' } }))),
  settings: () => settings(hostile(someSettings())),
  'expectation form': () => expectationForm(hostile(anExpectationForm())),
  'expectation form, unclear': () =>
    expectationForm(hostile(anExpectationForm({ preview: { kind: 'unclear', fields: ['schedule'] } }))),
  'sign-off': () => signOff(hostile(aSignOff({ asks: [anAsk({ signed: [{ by: 'b', at: 0, note: 'n' }] })] }))),
  'sign-off, to confirm': () => signOff(hostile(aSignOff({ asks: [anAsk({ confirm: { id: 'i', name: 'n' } })] }))),
  deletion: () => deletion(hostile(aDeletion())),
  keys: () => keys(hostile(aKeyList({ made: { name: 'a', secret: 'b' } }))),
  maintenance: () => maintenance(hostile(aMaintenancePage())),
  revoking: () => revoking(hostile(aRevoking())),
  problem: () => problem(hostile(aProblem())),
}

for (const [name, render] of Object.entries(PAGES))
  test(`nothing from outside becomes markup on the page: ${name}`, async () => {
    const html = await render()
    assert.ok(html.includes('&quot;&gt;&lt;script&gt;') || html.includes('%3Cscript%3E'), 'the hostile text is on the page')
    assert.ok(!html.includes('<script>'))
    assert.ok(!html.includes('<img'))
    assert.ok(!/="[^"]*"[^>]*\sonfocus=/.test(html.replaceAll(/"[^"]*"/g, '""')), 'no attribute was broken out of')
  })

test('the strict CSP can hold: no inline script, style or handler on any page', async () => {
  for (const html of [
    await board(aBoard()),
    await event(anEvent()),
    await events(anEventList()),
    await eventDeletion(),
    await audit(anAudit()),
    await settings(someSettings()),
    await expectationForm(anExpectationForm()),
    await signOff(aSignOff()),
    await keys(aKeyList({ made: { name: 'a', secret: 'b' } })),
    await maintenance(aMaintenancePage()),
    await revoking(),
  ]) {
    assert.ok(!/<script(?![^>]*\ssrc=)/.test(html))
    assert.ok(!/<style|\sstyle="|\son[a-z]+="|hx-on|js:/.test(html))
  }
})
