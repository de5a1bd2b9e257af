import { PERMISSIONS } from '../../src/domain/access.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import type { ChartView } from '../../views/models.chart.ts'
import type { DeleteEventPage, EventsPage } from '../../views/models.events.ts'
import { MAIN_PAGES } from '../../views/models.frame.ts'
import type { KeyRow, KeysPage, RevokeKeyPage } from '../../views/models.keys.ts'
import type { MaintenancePage, MaintenanceRow } from '../../views/models.maintenance.ts'
import type { PlaceView } from '../../views/models.places.ts'
import type { AuditPage, SettingsPage } from '../../views/models.settings.ts'
import type { AskView, SignOffPage, UndoView } from '../../views/models.sign-off.ts'
import type {
  AboutPage,
  BoardPage,
  BoardRow,
  Counts,
  DeleteExpectationPage,
  EventPage,
  ExpectationField,
  ExpectationFormPage,
  FormState,
  Frame,
  ProblemPage,
  VerdictView,
} from '../../views/models.ts'

/** Wednesday 4 March 2026, as in the mock. */
export const NOW = Date.parse('2026-03-04T09:14:12Z')

export const counts = (some: Partial<Counts>): Counts => ({
  missed: 0,
  late: 0,
  unknown: 0,
  waiting: 0,
  met: 0,
  paused: 0,
  ...some,
})

export const aFrame = (some: Partial<Frame> = {}): Frame => ({
  moment: { now: NOW, timeZone: 'Europe/Berlin', leads: 'utc' },
  version: '0.1.0',
  judgedAt: NOW - 12 * SECOND,
  counts: counts({ missed: 2, late: 1, met: 41, unknown: 1 }),
  waiting: 2,
  openIncidents: 2,
  done: null,
  who: 'ann',
  may: PERMISSIONS,
  asksForKeys: false,
  pages: MAIN_PAGES,
  hasOwnPage: true,
  canSignOut: true,
  look: 'system',
  here: '/',
  ...some,
})

export const aVerdict = (some: Partial<VerdictView> = {}): VerdictView => {
  const due = some.due ?? Date.parse('2026-03-04T07:00Z')
  return {
    due,
    verdict: 'met',
    reason: '1 of 1',
    observed: 1,
    atLeast: 1,
    atMost: null,
    window: { from: due - 20 * MINUTE, to: due },
    reported: false,
    amended: null,
    ...some,
  }
}

export const aRow = (some: Partial<BoardRow> = {}): BoardRow => ({
  id: 1,
  event: 'etl_ran.ok:now-1',
  eventKey: 'af_k3Jq8Zw2',
  env: 'prod',
  tags: [],
  sentence: 'every hour: at least 1 in the hour before',
  state: 'met',
  nextDue: NOW + 48 * SECOND,
  checkAt: null,
  verdicts: [aVerdict()],
  incident: null,
  under: null,
  last: { at: NOW - 91 * SECOND, source: 'web-1' },
  ...some,
})

export const aBoard = (some: Partial<BoardPage> = {}): BoardPage => ({
  frame: aFrame(),
  filter: { q: '', env: '', tag: '', state: '' },
  filterError: null,
  choices: { envs: ['prod', 'staging'], tags: ['person'] },
  defaultEnv: 'prod',
  nextDue: { at: NOW + 48 * SECOND, expectations: 4 },
  matching: counts({ missed: 1, met: 1 }),
  trouble: [
    aRow({ id: 2, state: 'missed', incident: { id: 118, openedAt: NOW - 2 * HOUR, acknowledgedBy: 'ben', note: 'disk full' } }),
  ],
  calm: [aRow({ id: 3 })],
  from: 0,
  unexpected: { items: [], total: 0 },
  baseUrl: 'http://localhost:5123',
  ...some,
})

export const aForm = <F extends string>(values: Record<F, string>, errors: Partial<Record<F, string>> = {}): FormState<F> => ({
  values,
  errors,
})

/** Half past eight to now: five windows of five minutes, one missed; nobody listened for a while. */
export const aChart = (some: Partial<ChartView> = {}): ChartView => {
  const from = Date.parse('2026-03-04T07:45:00Z')
  const windowAt = (n: number) => ({ from: from + n * 5 * MINUTE, to: from + (n + 1) * 5 * MINUTE })
  const outcomes = ['met', 'met', 'missed', 'unknown', 'met'] as const
  return {
    span: '90m',
    spans: ['90m', '1d', '30d'],
    env: 'prod',
    window: { from, to: from + 90 * MINUTE },
    bucket: MINUTE,
    bars: [
      { from, ok: 2, fail: 0 },
      { from: from + MINUTE, ok: 1, fail: 3 },
    ],
    expectation: { id: 1, wanted: '4 wanted a window' },
    choices: [{ id: 1, sentence: 'every 5 minutes: at least 4' }],
    windows: outcomes.map((verdict, n) =>
      aVerdict({ verdict, due: windowAt(n).to, window: windowAt(n), observed: verdict === 'met' ? 5 : 3, atLeast: 4 }),
    ),
    tallies: [{ from: from + 5 * MINUTE, met: 3, missed: 1, unknown: 1 }],
    deaf: [{ from: from + 15 * MINUTE, to: from + 19 * MINUTE }],
    open: { from: NOW - 4 * MINUTE, to: NOW + MINUTE },
    ...some,
  }
}
export const anUndo = (some: Partial<UndoView> = {}): UndoView => ({
  ...{ event: 'on_call_read', env: 'prod', at: NOW - 2 * MINUTE, id: 7, by: 'user:ann', isMine: true, until: NOW + 8 * MINUTE },
  ...some,
})

export const aPlace = (some: Partial<PlaceView> = {}): PlaceView => ({
  ...{ repo: 'git.example.org/shop', path: 'jobs/etl.py', line: 12, more: 2, link: 'https://git.example.org/shop#L12' },
  ...{ first: { commit: 'a1b2c3d4e5f6a7b8', at: NOW - DAY }, gone: null, pushedAt: NOW - HOUR },
  ...some,
})

export const anEvent = (some: Partial<EventPage> = {}): EventPage => ({
  frame: aFrame(),
  event: { name: 'etl_ran', eventKey: 'af_k3Jq8Zw2', description: 'What it is.', tags: ['nightly'], createdAt: NOW - DAY },
  baseUrl: 'http://localhost:5123',
  envs: ['prod', 'staging'],
  defaultEnv: 'prod',
  expectations: [
    {
      ...aRow(),
      ...{ schedule: '0 * * * *', timeZone: 'UTC', ignoreFailures: true, tags: ['a'] },
      telling: { alertAfter: 3, recoverAfter: 2, severity: 'warning', channels: ['ops', 'db'] },
    },
  ],
  verdicts: [{ ...aVerdict(), expectation: 1, amended: { from: 'missed', at: NOW, reason: 'arrived late' } }],
  chart: aChart(),
  places: { items: [aPlace()], total: 3, gone: { commit: 'f6a7b8c9d0', at: NOW - HOUR } },
  affirmations: {
    filter: { env: '', status: '', source: '' },
    items: [
      {
        id: 1,
        at: NOW,
        env: 'prod',
        status: 'ok',
        source: 'web-1',
        value: '{"rows":12345678901234567890}',
        withdrawn: { by: 'user:ann', at: NOW },
      },
    ],
    cursor: null,
    next: 'older-please',
  },
  undo: [anUndo()],
  signOff: aForm({ by: '', note: '', env: 'prod' }, { note: 'is too long' }),
  edit: aForm({ description: 'What it is.', tags: 'nightly' }, { tags: 'must be words' }),
  remove: aForm({ confirm: 'etl' }, { confirm: 'must be the name' }),
  ...some,
})

export const anEventList = (some: Partial<EventsPage> = {}): EventsPage => ({
  frame: aFrame(),
  filter: { q: 'etl', tag: '', state: '', isUnexpectedOnly: false, sort: 'event', isDown: false },
  tags: ['a', 'person'],
  items: [
    {
      name: 'etl_ran',
      eventKey: 'af_k3Jq8Zw2',
      description: 'x',
      tags: ['a'],
      createdAt: NOW - DAY,
      expectations: [
        { id: 1, env: 'prod', sentence: 'every hour: at least 1', state: 'met', nextDue: NOW + HOUR, tags: [] },
        { id: 2, env: 'staging', sentence: 'every day: at least 1', state: 'paused', nextDue: null, tags: ['b'] },
      ],
      more: 0,
      last: { at: NOW - MINUTE, source: 'web-1' },
      nearest: null,
    },
    {
      name: 'etl_rann',
      eventKey: 'af_k3Jq8Zw3',
      description: '',
      tags: [],
      createdAt: NOW - HOUR,
      expectations: [],
      more: 0,
      last: null,
      nearest: 'etl_ran',
    },
  ],
  page: 1,
  total: 120,
  register: aForm({ name: 'bad!', description: '', tags: '', key: '' }, { name: 'is no name' }),
  mistake: null,
  ...some,
})

export const anEventDeletion = (): DeleteEventPage => ({
  frame: aFrame(),
  event: { name: 'etl_ran', expectations: 2 },
  form: aForm({ confirm: '' }),
})

export const anAudit = (some: Partial<AuditPage> = {}): AuditPage => ({
  frame: aFrame(),
  filter: { who: '', from: '', to: '' },
  errors: {},
  changes: [
    {
      id: 7,
      at: NOW - MINUTE,
      by: { who: 'user:ann', address: '192.0.2.7' },
      action: 'expectation.change',
      subject: '12',
      before: { event: 'etl', env: 'prod', lookback: '20m' },
      after: { event: 'etl', env: 'prod', lookback: '30m' },
    },
  ],
  cursor: null,
  next: 'older-please',
  kept: 400 * DAY,
  ...some,
})

export const someSettings = (some: Partial<SettingsPage> = {}): SettingsPage => ({
  frame: aFrame(),
  environments: [
    { name: 'prod', expectations: 1_950, events: 3, last: NOW - MINUTE },
    { name: 'staging', expectations: 0, events: 0, last: null },
  ],
  defaultEnv: 'prod',
  retention: { affirmations: 30 * DAY, verdicts: 400 * DAY, deliveries: 90 * DAY },
  publicUrl: 'https://affirm.example',
  isOpen: false,
  ...some,
})

const VALUES: Record<ExpectationField, string> = {
  schedule: '* 1,7,16 * * 1-5',
  atLeast: '1',
  atMost: '',
  count: 'affirmations',
  lookback: '20m',
  grace: '0s',
  timeZone: 'Europe/Berlin',
  env: 'prod',
  where: '',
  ignoreFailures: '',
  tags: '',
  severity: 'critical',
  alertAfter: '1',
  recoverAfter: '1',
  channels: '3',
}

export const anExpectationForm = (some: Partial<ExpectationFormPage> = {}): ExpectationFormPage => ({
  frame: aFrame(),
  event: 'etl_ran',
  id: null,
  form: aForm(VALUES, { lookback: 'is not a duration' }),
  isRefused: true,
  envs: ['prod', 'staging'],
  channels: [
    { id: 3, name: 'ops', isEnabled: true },
    { id: 4, name: 'db', isEnabled: false },
  ],
  preview: {
    kind: 'clear',
    sentence: 'every minute',
    warnings: [{ detail: 'Fires 180 times a day.', isHint: false, suggestion: '0 1,7,16 * * 1-5' }],
    next: [Date.parse('2026-03-04T15:00Z')],
    timeZone: 'Europe/Berlin',
    was: [],
    values: VALUES,
  },
  backtest: { kind: 'later' },
  suggested: null,
  ...some,
})

export const aDeletion = (): DeleteExpectationPage => ({ frame: aFrame(), expectation: aRow() })
export const anAbout = (some: Partial<AboutPage> = {}): AboutPage => ({
  frame: aFrame(),
  node: 'web-1-4711-x',
  nodes: ['web-1-4711-x', 'web-2-4712-y'],
  store: 'postgresql',
  database: 'PostgreSQL 18.4',
  startedAt: NOW - 2 * HOUR,
  troubles: [],
  clockOffset: 12,
  isClockOff: false,
  retention: { affirmations: 30 * DAY, verdicts: 400 * DAY },
  clearedAt: NOW - MINUTE,
  counts: { events: 1_950, expectations: 44, environments: 2, openIncidents: 1 },
  telling: {
    outbox: { waiting: 0, oldest: null },
    channels: { count: 2, failing: [] },
    tries: { sent: 1_200, withheld: 3, failed: 1, again: 12 },
    ping: { to: 'https://hc.example.org', last: { at: NOW - 12_000, isThere: true } },
  },
  ...some,
})

export const aKeyRow = (some: Partial<KeyRow> = {}): KeyRow => ({
  ...{ id: 1, name: 'deploy', hint: 'ak_k3Jq', scopes: ['affirm', 'read'], env: 'staging' },
  ...{ createdBy: 'user:ann', createdAt: NOW - DAY, usedAt: NOW - MINUTE },
  ...some,
})
export const aKeyList = (some: Partial<KeysPage> = {}): KeysPage => ({
  frame: aFrame(),
  items: [aKeyRow(), aKeyRow({ id: 2, env: null, usedAt: null })],
  next: 'c',
  envs: ['prod', 'staging'],
  form: aForm({ name: 'bad', scopes: 'affirm write', env: 'a b', form: 'id' }, { scopes: 'at least one', env: 'is no env' }),
  made: null,
  ...some,
})
export const aRevoking = (): RevokeKeyPage => ({ frame: aFrame(), apiKey: aKeyRow() })

export const aMaintenance = (some: Partial<MaintenanceRow> = {}): MaintenanceRow => ({
  ...{ id: 7, name: 'new disks', again: null, isFor: 'backup_* in prod', createdBy: 'user:ann', endedAt: null },
  window: { from: NOW - HOUR, to: NOW + HOUR },
  ...some,
})
export const aMaintenancePage = (some: Partial<MaintenancePage> = {}): MaintenancePage => ({
  frame: aFrame(),
  on: [aMaintenance()],
  coming: [
    aMaintenance({
      id: 8,
      name: 'reboots',
      again: 'every Sunday at 02:00 for 2 hours',
      window: { from: NOW + DAY, to: NOW + DAY + HOUR },
    }),
  ],
  past: { items: [aMaintenance({ id: 6, name: 'old disks', endedAt: NOW - 30 * MINUTE })], cursor: null, next: 'older-please' },
  form: aForm(
    {
      ...{ name: 'n', kind: 'once', from: '2026-03-04T22:00', to: 'x', schedule: '', lasts: '', timeZone: 'UTC' },
      ...{ events: 'backup_*', tags: 'money', envs: 'prod' },
    },
    { to: 'is no time' },
  ),
  ...{ id: null, envs: ['prod', 'staging'], event: 'etl_ran' },
  ...some,
})

export const aProblem = (): ProblemPage => ({
  frame: aFrame({ counts: null }),
  status: 404,
  title: 'Not Found',
  detail: 'No event is called "x".',
})

export const anAsk = (some: Partial<AskView> = {}): AskView => ({
  ...{ event: 'model_under_control', env: 'prod', description: 'Drift below 2 %.', standing: 'waiting', state: 'met' },
  ...{ due: NOW + 5 * HOUR, graceTo: null, opensAt: NOW - DAY, missing: 1, ofDifferent: false, isForOthers: false },
  sentences: ['at 15:00 every third day: at least 1 in the 3 days before'],
  signed: [],
  last: { by: 'user:ann', at: NOW - 2 * DAY, note: 'drift 1.1 %' },
  form: aForm({ by: '', note: '', env: 'prod' }),
  confirm: null,
  ...some,
})

export const aSignOff = (some: Partial<SignOffPage> = {}): SignOffPage => ({
  ...{ frame: aFrame(), env: '', envs: ['prod', 'staging'], defaultEnv: 'prod', waiting: 1, more: 0 },
  asks: [anAsk()],
  undo: [anUndo()],
  ...some,
})
