import { PERMISSIONS } from '../../src/domain/access.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import type {
  AboutPage,
  BoardPage,
  BoardRow,
  Counts,
  DeleteExpectationPage,
  EventPage,
  EventsPage,
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
  moment: { now: NOW, timeZone: 'Europe/Berlin' },
  version: '0.1.0',
  judgedAt: NOW - 12 * SECOND,
  counts: counts({ missed: 2, late: 1, met: 41, unknown: 1 }),
  waiting: 2,
  openIncidents: 2,
  done: null,
  who: 'ann',
  may: PERMISSIONS,
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
  trouble: [aRow({ id: 2, state: 'missed', incident: { openedAt: NOW - 2 * HOUR, acknowledgedBy: 'ben', note: 'disk full' } })],
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

export const anEvent = (some: Partial<EventPage> = {}): EventPage => ({
  frame: aFrame(),
  event: { name: 'etl_ran', eventKey: 'af_k3Jq8Zw2', description: 'What it is.', tags: ['nightly'], createdAt: NOW - DAY },
  baseUrl: 'http://localhost:5123',
  envs: ['prod', 'staging'],
  defaultEnv: 'prod',
  expectations: [{ ...aRow(), schedule: '0 * * * *', timeZone: 'UTC', ignoreFailures: true, tags: ['a'] }],
  verdicts: [{ ...aVerdict(), expectation: 1, amended: { from: 'missed', at: NOW, reason: 'arrived late' } }],
  affirmations: {
    filter: { env: '', status: '', source: '' },
    items: [{ id: 1, at: NOW, env: 'prod', status: 'ok', source: 'web-1', value: '{"rows":12345678901234567890}' }],
    cursor: null,
    next: 'older-please',
  },
  signOff: aForm({ by: '', note: '', env: 'prod' }, { note: 'is too long' }),
  edit: aForm({ description: 'What it is.', tags: 'nightly' }, { tags: 'must be words' }),
  remove: aForm({ confirm: 'etl' }, { confirm: 'must be the name' }),
  ...some,
})

export const anEventList = (some: Partial<EventsPage> = {}): EventsPage => ({
  frame: aFrame(),
  filter: { q: 'etl', isUnexpectedOnly: false },
  items: [
    { name: 'etl_ran', eventKey: 'af_k3Jq8Zw2', description: 'x', tags: ['a'], expectations: 1, state: 'met', last: null },
    { name: 'etl_rann', eventKey: 'af_k3Jq8Zw3', description: '', tags: [], expectations: 0, state: null, last: null },
  ],
  next: 'c',
  register: aForm({ name: 'bad!', description: '', tags: '', key: '' }, { name: 'is no name' }),
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
}

export const anExpectationForm = (some: Partial<ExpectationFormPage> = {}): ExpectationFormPage => ({
  frame: aFrame(),
  event: 'etl_ran',
  id: null,
  form: aForm(VALUES, { lookback: 'is not a duration' }),
  envs: ['prod', 'staging'],
  preview: {
    kind: 'clear',
    sentence: 'every minute',
    warnings: [{ detail: 'Fires 180 times a day.', suggestion: '0 1,7,16 * * 1-5' }],
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
  ...some,
})

export const aProblem = (): ProblemPage => ({
  frame: aFrame({ counts: null }),
  status: 404,
  title: 'Not Found',
  detail: 'No event is called "x".',
})
