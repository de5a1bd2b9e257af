import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MINUTE } from '../../src/domain/time.ts'
import type { Happening } from '../../src/domain/timeline.ts'
import type { ToldDelivery } from '../../src/domain/timeline-told.ts'
import type { Verdict } from '../../src/domain/verdict.ts'
import type { IncidentsPage as List, IncidentPage as Page } from '../../views/models.incidents.ts'
import { IncidentPage } from '../../views/pages/incident.tsx'
import { IncidentsPage } from '../../views/pages/incidents.tsx'
import { rendered } from './render.tsx'
import { aForm, aFrame, aRow, aVerdict, NOW } from './samples.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>' autofocus onfocus=alert(3) x='`
const DUE = Date.parse('2026-03-04T07:00Z')

const verdict = (some: Partial<Verdict> = {}): Verdict => ({
  expectation: 1,
  ...aVerdict({ due: DUE }),
  verdict: 'missed',
  reason: 'too-few',
  observed: 0,
  blind: 0,
  decidedAt: DUE,
  ...some,
})

const anIncident = (some: Partial<Page> = {}): Page => ({
  frame: aFrame(),
  id: 118,
  openedAt: DUE,
  openedDue: DUE,
  closedAt: null,
  holder: null,
  over: '',
  expected: {
    ...aRow({ event: 'etl_ran', state: 'missed', nextDue: DUE + 600 * MINUTE }),
    opened: { sentence: 'every hour: at least 1', schedule: '0 * * * *', timeZone: 'UTC' },
    isEdited: false,
    severity: 'critical',
    description: 'Rerun it on etl-2.',
  },
  opening: aVerdict({ due: DUE, verdict: 'missed', observed: 0 }),
  happenings: [{ kind: 'opened', at: DUE, verdict: verdict() }],
  before: { met: 10, isMore: false, previous: { id: 104, openedAt: DUE - 9_000 * MINUTE } },
  around: { before: [], inside: [], isMoreInside: false, after: [] },
  hold: aForm({ by: '', note: '' }),
  assignedTo: null,
  snoozedUntil: null,
  attend: aForm({ to: '', for: '' }),
  nobody: null,
  ...some,
})

const aList = (some: Partial<List> = {}): List => ({
  frame: aFrame(),
  filter: { q: '', env: '', open: '' },
  envs: ['prod'],
  defaultEnv: 'prod',
  open: { items: [], next: null },
  closed: { items: [], next: null },
  cursor: null,
  lastClosed: null,
  ...some,
})

const aDelivery = (some: Partial<ToldDelivery> = {}): ToldDelivery => ({
  ...{ id: 1, kind: 'missed', channel: 3, flood: null, channelName: 'ops', channelKind: 'slack', createdAt: DUE },
  ...{ state: 'sent', reason: null, nextAt: null, attempts: 1, settledAt: DUE, said: '200' },
  ...some,
})

const incident = (some: Partial<Page> = {}) => rendered(IncidentPage({ page: anIncident(some) }))
const list = (some: Partial<List> = {}) => rendered(IncidentsPage({ page: aList(some) }))
const telling = (...happenings: Happening[]) => incident({ happenings })
const words = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')

describe('the page of an incident', () => {
  test('says for how long, what did not happen and who has it', async () => {
    const said = words(await incident())
    assert.match(said, /Open for 2 h 14 min/)
    assert.match(said, /etl_ran was not affirmed from 06:40 to 07:00\. Nobody has it yet\./)
    assert.match(said, /met 10 times in a row; last incident 104, 26 Feb/)
    assert.match(said, /06:40 to 07:00: nothing that counts/)
    assert.match(words(await incident({ holder: { name: 'ben', since: NOW, note: null } })), /ben has it\./)
    const closed = words(await incident({ closedAt: DUE + 134 * MINUTE, holder: { name: 'ben', since: NOW, note: null } }))
    assert.match(closed, /Closed after 2 h 14 min.*ben had it\./)
  })

  test('says in each case what was not as expected', async () => {
    const head = async (some: Parameters<typeof aVerdict>[0]) =>
      words(await incident({ opening: aVerdict({ due: DUE, verdict: 'missed', ...some }) }))
    assert.match(await head({ observed: 2, atLeast: 4 }), /was affirmed 2 times, where at least 4 must be, from 06:40 to 07:00/)
    assert.match(
      await head({ observed: 1, atLeast: 0, atMost: 0 }),
      /was affirmed 1 time from 06:40 to 07:00, where at most 0 may be/,
    )
    assert.match(await head({ reported: true }), /reported a failure at 07:00/)
    assert.match(await head({ verdict: 'met' }), /was missed from 06:40 to 07:00, which late news has corrected since/)
    assert.match(words(await incident({ opening: null, around: null })), /missed what was expected of it at 07:00/)
  })

  test('tells what happened in words', async () => {
    const amended = { from: 'missed' as const, at: NOW, reason: 'arrived late' }
    const tally = { met: 0, missed: 14, unknown: 0, failed: 0 }
    const said = words(
      await telling(
        { kind: 'judged-often', at: NOW, tally, first: DUE, last: DUE + 20 * MINUTE },
        { kind: 'judged-often', at: NOW, tally: { ...tally, unknown: 2, failed: 1 }, first: DUE, last: DUE },
        { kind: 'judged', at: NOW, verdict: verdict({ verdict: 'unknown', reason: 'not-listening', blind: 5 * MINUTE }) },
        { kind: 'amended', at: NOW, verdict: { ...verdict({ verdict: 'met', reason: 'enough', observed: 1 }), amended } },
        { kind: 'amended-often', at: NOW, times: 7, first: DUE, last: DUE },
        { kind: 'acknowledged', at: NOW, by: 'user:ann', over: 'user:ben', note: 'mine' },
        { kind: 'noted', at: NOW, by: 'key:deploy', note: 'rolled back' },
        { kind: 'left-out', at: NOW, times: 1_234 },
        { kind: 'closed', at: NOW, verdict: verdict({ verdict: 'met', reason: 'enough', observed: 3 }) },
      ),
    )
    for (const sentence of [
      'Missed 14 more times',
      'Due from 07:00 to 07:20.',
      '14 more missed, 1 reported failure, 2 unknown',
      'nobody was listening for 5 min',
      'Amended from missed to met',
      'arrived late. It is 1 of 1 now.',
      '7 verdicts amended',
      'Taken over by ann from ben',
      '“mine”',
      'Note by key:deploy',
      '1,234 steps left out',
      'Met, and closed3 of at least 1 from 06:40 to 07:00.',
    ])
      assert.ok(said.includes(sentence), `${sentence} in ${said}`)
  })

  test('tells who was told and how that went', async () => {
    const told = (some: Partial<ToldDelivery>, ...more: Partial<ToldDelivery>[]): Happening => ({
      kind: 'told',
      at: NOW,
      deliveries: [aDelivery(some), ...more.map(aDelivery)],
    })
    const said = words(
      await telling(
        told({}, { channelName: 'db', channelKind: 'email' }),
        told({ kind: 'reminder' }, { kind: 'reminder' }, { kind: 'reminder' }),
        told({ kind: 'recovered', channelKind: 'teams' }),
        told({ state: 'withheld', reason: 'maintenance: move of the cellar' }),
        told({ state: 'failed', reason: '410 Gone', said: 'no such channel', attempts: 14 }),
        told({ state: 'waiting', attempts: 2, said: '503 Service Unavailable', nextAt: NOW + MINUTE, settledAt: null }),
        told({ state: 'waiting', attempts: 0, said: null, nextAt: NOW, settledAt: null }),
      ),
    )
    for (const sentence of [
      'Told ops by Slack, db by email',
      'Told ops by Slack, 3 times once more',
      'Told ops by Microsoft Teams that it is met again',
      'Withheld from ops by Slackmaintenance: move of the cellar.',
      'Could not tell ops by Slack410 Gone: no such channel, after 14 tries.',
      'To tell ops by Slack503 Service Unavailable after 2 tries. Next try at 09:15',
      'To tell ops by SlackNext try at 09:14',
    ])
      assert.ok(said.includes(sentence), `${sentence} in ${said}`)
  })

  test('what a digest told says so, and leads there where it is known', async () => {
    const withOthers = { state: 'withheld' as const, reason: 'told with others, in one message' }
    const inDigest = (...some: Partial<ToldDelivery>[]) => {
      const [first, ...others] = some.map((one) => aDelivery({ ...withOthers, ...one }))
      return telling({ kind: 'told', at: NOW, deliveries: [first ?? assert.fail(), ...others] })
    }
    const one = await inDigest({ flood: 7 })
    assert.match(words(one), /Withheld from ops by Slack ?In the digest\./)
    assert.match(one, /<a href="\/deliveries\?flood=7">digest<\/a>/)
    const two = await inDigest({ flood: 7 }, { flood: 8, channelName: 'db' })
    assert.match(words(two), /In the digests of ops, db\./)
    assert.match(two, /<a href="\/deliveries\?flood=8">db<\/a>/)
    assert.match(words(await inDigest({ kind: 'recovered' })), /In the digest\./)
  })

  test('says how bad it is and what its event says of itself, which is often what to do', async () => {
    const said = words(await incident())
    assert.match(said, /Severity ?critical/)
    assert.match(said, /Rerun it on etl-2\./)
  })

  test('says who is to look at it, until when it can wait, and that nobody is told', async () => {
    const said = words(await incident({ assignedTo: 'ben', snoozedUntil: NOW + 60 * MINUTE, nobody: 'there is none yet' }))
    assert.match(said, /Assigned to ben\./)
    assert.match(said, /Snoozed until 10:14, in 60 min: nobody is reminded of it before\./)
    assert.match(said, /No channel is told of this: there is none yet\./)
    assert.doesNotMatch(words(await incident({ snoozedUntil: NOW - MINUTE })), /Snoozed until/)
    const steps = words(
      await telling(
        { kind: 'assigned', at: NOW, by: 'user:ann', to: 'ben' },
        { kind: 'assigned', at: NOW, by: 'user:ann', to: null },
        { kind: 'snoozed', at: NOW, by: 'key:deploy', until: NOW + 60 * MINUTE },
        { kind: 'snoozed', at: NOW, by: 'user:ann', until: null },
      ),
    )
    for (const sentence of [
      'Assigned to ben by ann',
      'Assigned to nobody any more, by ann',
      'Snoozed until 10:14:12 by key:deploy',
      'Snooze ended by ann',
    ])
      assert.ok(steps.includes(sentence), `${sentence} in ${steps}`)
  })

  test('says what comes next, or that nothing does', async () => {
    const expected = anIncident().expected ?? assert.fail()
    const next = async (some: Partial<typeof expected>) => words(await incident({ expected: { ...expected, ...some } }))
    assert.match(await next({}), /17:00 in 7 h 46 min ?Next due ?If that is met, the incident closes\./)
    assert.match(await next({ nextDue: DUE, checkAt: NOW + MINUTE }), /in 60 s ?Due, in its grace ?It was due at 07:00\./)
    assert.match(await next({ state: 'paused', nextDue: null }), /Paused ?Nothing is judged until it is resumed/)
    assert.match(await next({ nextDue: null }), /Never due again/)
  })

  test('offers what one may do, and no more', async () => {
    const buttons = async (some: Partial<Page>) =>
      [...(await incident(some)).matchAll(/name="act" value="(\w+)"/g)].map(([, act]) => act)
    const holder = { name: 'ben', since: NOW, note: null }
    assert.deepEqual(await buttons({}), ['acknowledge', 'note'])
    assert.deepEqual(await buttons({ holder }), ['note', 'take'])
    assert.deepEqual(await buttons({ holder: { ...holder, name: 'ann' } }), ['note'])
    assert.deepEqual(await buttons({ frame: aFrame({ may: ['read'] }) }), [])
    assert.deepEqual(await buttons({ closedAt: NOW }), [])
    assert.deepEqual(await buttons({ expected: null }), [])
    for (const path of ['assign', 'snooze']) {
      assert.match(await incident(), new RegExp(`action="/incidents/118/${path}"`))
      for (const some of [{ frame: aFrame({ may: ['read'] }) }, { closedAt: NOW }, { expected: null }] as Partial<Page>[])
        assert.doesNotMatch(await incident(some), new RegExp(`action="/incidents/118/${path}"`))
    }
    assert.doesNotMatch(await incident(), /name="by"/)
    assert.match(await incident({ frame: aFrame({ who: null }) }), /name="by"/)
  })

  test('says that its expectation was deleted, and breaks on nothing that is gone', async () => {
    const said = words(
      await incident({ expected: null, opening: null, around: null, happenings: [{ kind: 'opened', at: DUE, verdict: null }] }),
    )
    assert.match(said, /Its expectation was deleted/)
    assert.match(said, /Its verdict is not kept any more/)
  })

  test('says what the expectation is now, when it was edited since', async () => {
    const expected = anIncident().expected ?? assert.fail()
    const said = words(await incident({ expected: { ...expected, isEdited: true, sentence: 'every day: at least 2' } }))
    assert.match(said, /every hour: at least 1It was edited since\. Now: every day: at least 2/)
  })

  test('a note that is half typed is no live piece', async () => {
    const html = await incident()
    const live = /hx-select-oob="([^"]*)"/.exec(html)?.[1] ?? ''
    for (const id of ['answer', 'hold-who', 'hold-acts', 'attended', 'expected', 'around']) {
      assert.ok(live.includes(`#${id}:`), id)
      assert.ok(html.includes(`id="${id}"`), id)
    }
    const acts = html.slice(html.indexOf('id="hold-acts"'))
    assert.ok(!acts.includes('<textarea'))
  })
})

describe('the list of incidents', () => {
  const row = {
    id: 118,
    event: 'etl_ran',
    env: 'prod',
    sentence: 's',
    severity: 'critical' as const,
    openedAt: DUE,
    closedAt: null,
    acknowledgedBy: null,
    note: null,
    assignedTo: null,
    snoozedUntil: null,
  }

  test('open ones with how long, closed ones with how long they lasted', async () => {
    const open = { items: [row, { ...row, id: 119, acknowledgedBy: 'ben', note: 'on it' }], next: null }
    const closed = { items: [{ ...row, id: 100, closedAt: DUE + 30 * MINUTE }], next: 'c' }
    const html = await list({ open, closed, filter: { q: 'etl', env: '', open: '' } })
    const waiting = { ...row, assignedTo: 'cy', snoozedUntil: NOW + 60 * MINUTE }
    assert.match(words(await list({ open: { items: [waiting], next: null } })), /assigned to cy ?snoozed until ?10:14/)
    const said = words(html)
    assert.match(said, /118 etl_ran.*2 h 14 min.*Nobody has it yet.*119.*ben“on it”.*100.*30 min/)
    assert.match(html, /href="\/incidents\?q=etl&amp;cursor=c"/)
    assert.match(html, /href="\/incidents\/118"/)
    assert.doesNotMatch(said, /critical|warning/)
    const mild = await list({ open: { items: [{ ...row, severity: 'warning' }], next: null } })
    assert.match(words(mild), /etl_ran warning/)
  })

  test('an empty one says since when, or that there was none yet', async () => {
    const frame = aFrame({ openIncidents: 0 })
    assert.match(
      words(await list({ frame, lastClosed: NOW - 3 * 1_440 * MINUTE })),
      /Nothing is open ?The last incident closed 3 days ago\./,
    )
    assert.match(words(await list({ frame })), /There has been none yet/)
    assert.match(words(await list({ filter: { q: 'x', env: '', open: '' } })), /No incident matches/)
  })
})

describe('hostile text beside incidents', () => {
  const holder = { name: HOSTILE, since: NOW, note: HOSTILE }
  const affirmation = {
    withdrawn: null,
    id: 1,
    at: DUE,
    env: 'prod',
    status: 'fail' as const,
    source: HOSTILE,
    value: JSON.stringify(HOSTILE),
  }
  const row = {
    id: 1,
    event: HOSTILE,
    env: HOSTILE,
    sentence: HOSTILE,
    severity: 'warning' as const,
    openedAt: DUE,
    closedAt: null,
    acknowledgedBy: HOSTILE,
    note: HOSTILE,
    assignedTo: HOSTILE,
    snoozedUntil: NOW + MINUTE,
  }
  const pages: Record<string, () => Promise<string>> = {
    page: () =>
      incident({
        holder,
        over: HOSTILE,
        frame: aFrame({ who: null }),
        hold: aForm({ by: HOSTILE, note: HOSTILE }, { note: HOSTILE }),
        assignedTo: HOSTILE,
        attend: aForm({ to: HOSTILE, for: HOSTILE }, { to: HOSTILE, for: HOSTILE }),
        nobody: HOSTILE,
        around: { before: [affirmation], inside: [affirmation], isMoreInside: true, after: [] },
        happenings: [
          { kind: 'acknowledged', at: NOW, by: HOSTILE, over: HOSTILE, note: HOSTILE },
          { kind: 'noted', at: NOW, by: HOSTILE, note: HOSTILE },
          { kind: 'assigned', at: NOW, by: HOSTILE, to: HOSTILE },
          { kind: 'snoozed', at: NOW, by: HOSTILE, until: null },
          {
            kind: 'told',
            at: NOW,
            deliveries: [aDelivery({ channelName: HOSTILE, state: 'failed', reason: HOSTILE, said: HOSTILE })],
          },
        ],
      }),
    list: () => list({ open: { items: [row], next: HOSTILE }, envs: [HOSTILE], filter: { q: HOSTILE, env: HOSTILE, open: '' } }),
  }
  for (const [name, render] of Object.entries(pages))
    test(`nothing of it becomes markup: ${name}`, async () => {
      const html = await render()
      assert.ok(html.includes('&quot;&gt;&lt;script&gt;'))
      assert.ok(!html.includes('<script>') && !html.includes('<img'))
      assert.ok(!/="[^"]*"[^>]*\sonfocus=/.test(html.replaceAll(/"[^"]*"/g, '""')))
      assert.ok(!/<style|\sstyle="|\son[a-z]+="/.test(html))
    })
})
