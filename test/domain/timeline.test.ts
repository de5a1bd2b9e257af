import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Incident, IncidentStep } from '../../src/domain/incident.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { type Happening, timelineOf } from '../../src/domain/timeline.ts'
import type { ToldDelivery } from '../../src/domain/timeline-told.ts'
import type { Outcome, Verdict } from '../../src/domain/verdict.ts'

const at = (time: string): number => Date.parse(`2026-03-04T${time}Z`)
const clock = (millis: number): string => new Date(millis).toISOString().slice(11, 16)

const verdict = (time: string, outcome: Outcome = 'missed', some: Partial<Verdict> = {}): Verdict => ({
  expectation: 1,
  due: at(time),
  reported: false,
  verdict: outcome,
  reason: 'too-few',
  observed: 0,
  atLeast: 1,
  atMost: null,
  blind: 0,
  window: { from: at(time) - MINUTE, to: at(time) },
  decidedAt: at(time),
  amended: null,
  ...some,
})

const anIncident = (some: Partial<Incident> = {}): Incident => ({
  id: 118,
  expectation: 1,
  openedAt: at('07:00'),
  openedDue: at('07:00'),
  closedAt: null,
  closedDue: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  note: null,
  assignedTo: null,
  snoozedUntil: null,
  ...some,
})

const taken = (time: string, by = 'user:ben'): IncidentStep => ({
  kind: 'acknowledged',
  at: at(time),
  by,
  over: null,
  note: null,
})
const minutes = (n: number, from = '07:01'): string[] => Array.from({ length: n }, (_, i) => clock(at(from) + i * MINUTE))

/** `07:00 opened`; sums with how many of what. */
function said(happening: Happening): string {
  const start = `${clock(happening.at)} ${happening.kind}`
  switch (happening.kind) {
    case 'judged':
      return `${start} ${happening.verdict.verdict}`
    case 'judged-often':
      return `${start} ${Object.entries(happening.tally)
        .filter(([, n]) => n > 0)
        .map(([kind, n]) => `${n} ${kind}`)} ${clock(happening.first)}-${clock(happening.last)}`
    case 'amended':
      return `${start} ${happening.verdict.amended.from} to ${happening.verdict.verdict}`
    case 'told':
      return `${start} ${happening.deliveries.map(({ channelName, state }) => `${state} ${channelName}`)}`
    case 'amended-often':
    case 'left-out':
      return `${start} ${happening.times}`
    default:
      return start
  }
}

type More = Partial<Incident> & { steps?: IncidentStep[]; deliveries?: ToldDelivery[]; isMore?: boolean }

const told = (verdicts: readonly Verdict[], { steps = [], deliveries = [], isMore = false, ...some }: More = {}): string[] =>
  timelineOf({ incident: anIncident(some), verdicts, steps, deliveries, isMore }).map(said)

const delivery = (time: string, some: Partial<ToldDelivery> = {}): ToldDelivery => ({
  ...{ id: 1, kind: 'missed', flood: null, channel: 3, channelName: 'ops', channelKind: 'slack', createdAt: at('07:00') },
  ...{ state: 'sent', reason: null, nextAt: null, attempts: 1, settledAt: at(time), said: '200 ok' },
  ...some,
})

test('what closed it is told as it was, though it was taken back since', () => {
  const back = { from: 'met' as const, at: at('07:12'), reason: 'withdrawn by user:ann: 0 instead of 1' }
  const verdicts = [verdict('07:00'), verdict('07:10', 'missed', { amended: back })]
  assert.deepEqual(told(verdicts, { closedAt: at('07:10'), closedDue: at('07:10') }), [
    '07:00 opened',
    '07:10 closed',
    '07:12 amended met to missed',
  ])
})

test('it is opened, acknowledged and closed', () => {
  const verdicts = [verdict('07:00'), verdict('07:05', 'unknown'), verdict('07:10', 'met')]
  assert.deepEqual(told(verdicts, { steps: [taken('07:02')], closedAt: at('07:10'), closedDue: at('07:10') }), [
    '07:00 opened',
    '07:02 acknowledged',
    '07:05 judged unknown',
    '07:10 closed',
  ])
})

test('who is to look at it and until when it can wait are steps of it', () => {
  const steps: IncidentStep[] = [
    { kind: 'assigned', at: at('07:02'), by: 'user:ann', to: 'ben' },
    { kind: 'snoozed', at: at('07:03'), by: 'user:ben', until: at('09:00') },
  ]
  assert.deepEqual(told([verdict('07:00')], { steps }), ['07:00 opened', '07:02 assigned', '07:03 snoozed'])
})

test('who was told stands where it was told; channels that were told the same in a row are one mark', () => {
  const deliveries = [
    delivery('07:01'),
    delivery('07:01', { id: 2, channelName: 'db' }),
    delivery('07:20', { kind: 'reminder' }),
    delivery('07:10', { id: 3, channelName: 'page', state: 'failed', reason: 'gone' }),
    delivery('07:10', { id: 4, channelName: 'mail', state: 'failed', reason: 'gone' }),
    delivery('', { id: 5, channelName: 'late', state: 'waiting', settledAt: null, nextAt: at('07:30') }),
  ]
  assert.deepEqual(told([verdict('07:00'), verdict('07:05')], { deliveries }), [
    '07:00 opened',
    '07:00 told waiting late',
    '07:01 told sent ops,sent db',
    '07:05 judged missed',
    '07:10 told failed page',
    '07:10 told failed mail',
    '07:20 told sent ops',
  ])
})

test('what is withheld for different reasons is told apart', () => {
  const withheld = (reason: string) => delivery('07:01', { state: 'withheld', reason })
  const deliveries = [withheld('maintenance'), withheld('maintenance'), withheld('flapping')]
  assert.deepEqual(told([verdict('07:00')], { deliveries }).slice(1), [
    '07:01 told withheld ops,withheld ops',
    '07:01 told withheld ops',
  ])
})

test('three more are told one by one, four are summed, a step between them parts the sums', () => {
  const three = minutes(3).map((time) => verdict(time))
  assert.equal(told([verdict('07:00'), ...three]).length, 4)
  const ten = minutes(10).map((time) => verdict(time, time === '07:04' ? 'unknown' : 'missed', { reported: time === '07:02' }))
  assert.deepEqual(told([verdict('07:00'), ...ten], { steps: [taken('07:06')] }), [
    '07:00 opened',
    '07:06 judged-often 4 missed,1 unknown,1 failed 07:01-07:06',
    '07:06 acknowledged',
    '07:10 judged-often 4 missed 07:07-07:10',
  ])
})

test('what is judged late stands where it became known', () => {
  const verdicts = [verdict('07:00'), verdict('07:05', 'missed', { decidedAt: at('08:00') })]
  assert.deepEqual(told(verdicts, { steps: [taken('07:30')] }), ['07:00 opened', '07:30 acknowledged', '08:00 judged missed'])
})

test('an amended verdict is told as it was, and as it became', () => {
  const amended = { from: 'missed' as const, at: at('08:00'), reason: 'arrived late' }
  const verdicts = [verdict('07:00', 'met', { amended }), verdict('07:05', 'met', { amended }), verdict('07:10')]
  assert.deepEqual(told(verdicts), [
    '07:00 opened',
    '07:05 judged met',
    '07:10 judged missed',
    '08:00 amended missed to met',
    '08:00 amended missed to met',
  ])
  const many = minutes(5).map((time) => verdict(time, 'met', { amended }))
  assert.deepEqual(told([verdict('07:00'), ...many, verdict('07:30')]).at(-1), '08:00 amended-often 5')
})

test('late news that opens or closes it is told once', () => {
  const byNews = { from: 'met' as const, at: at('07:30'), reason: 'arrived late' }
  assert.deepEqual(told([verdict('07:00', 'missed', { amended: byNews })], { openedAt: at('07:30') }), ['07:30 opened'])
  const filled = { from: 'missed' as const, at: at('07:30'), reason: 'arrived late' }
  const closed = { closedAt: at('07:30'), closedDue: at('07:00') }
  assert.deepEqual(told([verdict('07:00', 'met', { amended: filled })], closed), [
    '07:00 opened',
    '07:30 amended missed to met',
    '07:30 closed',
  ])
})

test('a failure reported at the very due does not hide which of the two opened it', () => {
  const failed = verdict('07:00', 'missed', { reported: true, decidedAt: at('07:01') })
  const [opened] = timelineOf({
    incident: anIncident(),
    verdicts: [verdict('07:00'), failed],
    steps: [],
    deliveries: [],
    isMore: false,
  })
  assert.ok(opened?.kind === 'opened' && opened.verdict?.reported === false)
})

test('without its verdicts it still opens, closes and is held', () => {
  const closed = { closedAt: at('08:00'), closedDue: at('08:00') }
  assert.deepEqual(told([], { steps: [taken('07:02')], ...closed }), ['07:00 opened', '07:02 acknowledged', '08:00 closed'])
})

test('however much happened, a page can hold it', () => {
  assert.deepEqual(told(minutes(900, '07:00').map((time) => verdict(time))), [
    '07:00 opened',
    '21:59 judged-often 899 missed 07:01-21:59',
  ])
  assert.equal(told([verdict('07:00'), verdict('09:00')], { isMore: true })[1], '07:00 earlier')
  const restless = minutes(300)
  const marks = told([verdict('07:00'), ...restless.map((time) => verdict(time))], { steps: restless.map((time) => taken(time)) })
  assert.equal(marks.length, 101)
  assert.equal(marks[20], '11:21 left-out 501')
  assert.equal(marks.at(-1), '12:00 acknowledged')
})
