import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

const id = () => integer().primaryKey({ autoIncrement: true })
const bool = (name: string) => integer(name, { mode: 'boolean' })

export const environments = sqliteTable('environments', { id: id(), name: text().notNull().unique() })

export const events = sqliteTable('events', {
  id: id(),
  key: text().notNull().unique(),
  name: text().notNull().unique(),
  description: text().notNull(),
  tags: text().notNull(),
  createdAt: integer('created_at').notNull(),
})

// No AUTOINCREMENT and no index but the two that are asked by: every byte and every write here is paid for each affirmation.
export const affirmations = sqliteTable(
  'affirmations',
  {
    id: integer().primaryKey(),
    eventId: integer('event_id').notNull(),
    envId: integer('env_id').notNull(),
    at: integer().notNull(),
    status: integer().notNull(),
    source: text().notNull(),
    value: text(),
    clientId: text('client_id'),
  },
  (t) => [
    index('affirmations_counted').on(t.eventId, t.envId, t.at, t.status),
    uniqueIndex('affirmations_client_id').on(t.eventId, t.envId, t.clientId).where(sql`client_id is not null`),
  ],
)

export const terms = sqliteTable(
  'terms',
  {
    id: id(),
    expectationId: integer('expectation_id').notNull(),
    envId: integer('env_id').notNull(),
    schedule: text().notNull(),
    timeZone: text('time_zone').notNull(),
    atLeast: integer('at_least').notNull(),
    atMost: integer('at_most'),
    counting: text().notNull(),
    lookback: integer(),
    grace: integer().notNull(),
    filter: text(),
    ignoreFailures: bool('ignore_failures').notNull(),
  },
  (t) => [index('terms_expectation').on(t.expectationId)],
)

export const expectations = sqliteTable(
  'expectations',
  {
    id: id(),
    eventId: integer('event_id').notNull(),
    tags: text().notNull(),
    termsId: integer('terms_id').notNull(),
    owedTermsId: integer('owed_terms_id'),
    termsSince: integer('terms_since').notNull(),
    createdAt: integer('created_at').notNull(),
    since: integer().notNull(),
    pausedAt: integer('paused_at'),
    nextDue: integer('next_due'),
    checkAt: integer('check_at'),
    windowStart: integer('window_start').notNull(),
    lastDue: integer('last_due'),
    lastVerdict: text('last_verdict'),
    caughtUp: integer('caught_up').notNull(),
    alertAfter: integer('alert_after').notNull().default(1),
    recoverAfter: integer('recover_after').notNull().default(1),
    severity: text().notNull().default('critical'),
    channels: text().notNull().default('[]'),
  },
  (t) => [index('expectations_check').on(t.checkAt), index('expectations_event').on(t.eventId)],
)

export const verdicts = sqliteTable(
  'verdicts',
  {
    expectationId: integer('expectation_id').notNull(),
    due: integer().notNull(),
    reported: bool('reported').notNull(),
    termsId: integer('terms_id').notNull(),
    verdict: text().notNull(),
    reason: text().notNull(),
    observed: integer().notNull(),
    blind: integer().notNull(),
    windowFrom: integer('window_from').notNull(),
    windowTo: integer('window_to').notNull(),
    decidedAt: integer('decided_at').notNull(),
    amendedFrom: text('amended_from'),
    amendedAt: integer('amended_at'),
    amendedReason: text('amended_reason'),
  },
  (t) => [
    primaryKey({ name: 'verdicts_once', columns: [t.expectationId, t.due, t.reported] }),
    index('verdicts_by_due').on(t.due, t.expectationId, t.reported),
  ],
)

export const incidents = sqliteTable(
  'incidents',
  {
    id: id(),
    expectationId: integer('expectation_id').notNull(),
    openedAt: integer('opened_at').notNull(),
    openedDue: integer('opened_due').notNull(),
    closedAt: integer('closed_at'),
    closedDue: integer('closed_due'),
    acknowledgedAt: integer('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    note: text(),
    assignedTo: text('assigned_to'),
    snoozedUntil: integer('snoozed_until'),
  },
  (t) => [
    uniqueIndex('incidents_open').on(t.expectationId).where(sql`closed_at is null`),
    index('incidents_expectation').on(t.expectationId),
  ],
)

export const listening = sqliteTable(
  'listening',
  { id: id(), node: text().notNull(), from: integer('span_from').notNull(), to: integer('span_to').notNull() },
  (t) => [index('listening_to').on(t.to)],
)

// Affirmations that the evaluator must look at for themselves: reported failures and those that came after their time.
export const news = sqliteTable('news', {
  id: id(),
  eventId: integer('event_id').notNull(),
  envId: integer('env_id').notNull(),
  at: integer().notNull(),
  status: integer().notNull(),
  source: text().notNull(),
})

// One row: up to which instant windows have been judged. Affirmations of before it are late news.
export const judging = sqliteTable('judging', { id: id(), upTo: integer('up_to').notNull() })

// What was deleted by name but whose rows are still to be cleared away in small steps.
export const removed = sqliteTable('removed', { id: id(), kind: text().notNull(), ref: integer().notNull() })

// People who sign in. `password` is a scrypt hash; null where another system says who it is (`identity`).
export const people = sqliteTable('people', {
  id: id(),
  name: text().notNull().unique(),
  role: text().notNull(),
  password: text(),
  identity: text().unique(),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at'),
})

// Signed-in browsers. The cookie holds the secret, this its hash.
export const sessions = sqliteTable(
  'sessions',
  {
    id: id(),
    hash: text().notNull().unique(),
    personId: integer('person_id').notNull(),
    createdAt: integer('created_at').notNull(),
    seenAt: integer('seen_at').notNull(),
    address: text().notNull(),
    agent: text().notNull(),
  },
  (t) => [index('sessions_person').on(t.personId)],
)

// Links that work once: the first set-up, an invitation, a new password.
export const links = sqliteTable('links', {
  id: id(),
  hash: text().notNull().unique(),
  kind: text().notNull(),
  role: text().notNull(),
  personId: integer('person_id'),
  createdBy: text('created_by').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  usedAt: integer('used_at'),
})

// What programs show to be let in, by its hash; `hint` is as much of the secret as tells two apart.
export const apiKeys = sqliteTable('api_keys', {
  id: id(),
  name: text().notNull(),
  hash: text().notNull().unique(),
  hint: text().notNull(),
  scopes: text().notNull(),
  env: text(),
  createdBy: text('created_by').notNull(),
  createdAt: integer('created_at').notNull(),
  usedAt: integer('used_at'),
  endedAt: integer('ended_at'),
})

// Who changed what, from what to what, and from where. `before` and `after` are JSON and hold no secrets.
export const audit = sqliteTable(
  'audit',
  {
    id: id(),
    at: integer().notNull(),
    who: text().notNull(),
    address: text().notNull(),
    action: text().notNull(),
    subject: text().notNull(),
    before: text(),
    after: text(),
  },
  (t) => [index('audit_at').on(t.at)],
)

// Affirmations that were taken back. They stay where they were with a status that is not counted; `status` is the one they had.
export const withdrawals = sqliteTable(
  'withdrawals',
  {
    id: id(),
    affirmationId: integer('affirmation_id').notNull(),
    eventId: integer('event_id').notNull(),
    envId: integer('env_id').notNull(),
    at: integer().notNull(),
    status: integer().notNull(),
    withdrawnBy: text('withdrawn_by').notNull(),
    withdrawnAt: integer('withdrawn_at').notNull(),
  },
  (t) => [index('withdrawals_of').on(t.eventId, t.envId, t.at)],
)

// Where people are told. Secrets in `settings` are sealed. One that was deleted keeps its row, for what it was told.
export const channels = sqliteTable('channels', {
  id: id(),
  name: text().notNull(),
  kind: text().notNull(),
  settings: text().notNull(),
  tells: text().notNull(),
  matching: text(),
  isDefault: bool('is_default').notNull(),
  remindEvery: integer('remind_every'),
  isEnabled: bool('is_enabled').notNull(),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at'),
  failingSince: integer('failing_since'),
  failures: integer('failures').notNull().default(0),
})

// The outbox: one message owed to one channel. `key` is its id for the outside, the same at every try; `about` holds what could not be read again when it is sent.
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: id(),
    key: text().notNull().unique(),
    channelId: integer('channel_id').notNull(),
    kind: text().notNull(),
    expectationId: integer('expectation_id'),
    incidentId: integer('incident_id'),
    floodId: integer('flood_id'),
    due: integer('due'),
    about: text().notNull(),
    createdAt: integer('created_at').notNull(),
    state: text().notNull(),
    reason: text(),
    heldBy: text('held_by'),
    nextAt: integer('next_at'),
    attempts: integer('attempts').notNull().default(0),
    parts: integer('parts').notNull().default(0),
    settledAt: integer('settled_at'),
    said: text(),
  },
  (t) => [
    index('deliveries_waiting').on(t.nextAt).where(sql`state = 'waiting'`),
    index('deliveries_pair').on(t.channelId, t.expectationId, t.id).where(sql`state = 'waiting'`),
    index('deliveries_held').on(t.heldBy, t.id).where(sql`held_by is not null`),
    index('deliveries_channel').on(t.channelId, t.id),
    index('deliveries_incident').on(t.incidentId),
    index('deliveries_flood').on(t.floodId),
    index('deliveries_created').on(t.createdAt),
  ],
)

// What a channel was told and not yet told the end of. `thread` puts the messages of one story together.
export const tellings = sqliteTable(
  'tellings',
  {
    channelId: integer('channel_id').notNull(),
    expectationId: integer('expectation_id').notNull(),
    told: text().notNull(),
    thread: text().notNull(),
    incidentId: integer('incident_id').notNull(),
    floodId: integer('flood_id'),
    since: integer('since').notNull(),
    remindAt: integer('remind_at'),
    about: text().notNull(),
  },
  (t) => [
    primaryKey({ name: 'tellings_once', columns: [t.channelId, t.expectationId] }),
    index('tellings_remind').on(t.remindAt),
    index('tellings_expectation').on(t.expectationId),
    index('tellings_flood').on(t.floodId),
  ],
)

// Many misses told by one message to one channel.
export const floods = sqliteTable(
  'floods',
  {
    id: id(),
    channelId: integer('channel_id').notNull(),
    beganAt: integer('began_at').notNull(),
    lastAt: integer('last_at').notNull(),
    misses: integer('misses').notNull(),
    overAt: integer('over_at'),
    endedAt: integer('ended_at'),
  },
  (t) => [uniqueIndex('floods_on').on(t.channelId).where(sql`over_at is null`), index('floods_ended').on(t.endedAt)],
)

// Times in which what is missed is judged and shown, but not sent: from `starts_at` to `ends_at`, or by `schedule` for so long.
export const maintenance = sqliteTable('maintenance', {
  id: id(),
  name: text().notNull(),
  schedule: text(),
  timeZone: text('time_zone').notNull(),
  lasts: integer('lasts'),
  startsAt: integer('starts_at'),
  endsAt: integer('ends_at'),
  matching: text(),
  createdBy: text('created_by').notNull(),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at'),
})

// Due instants that our own blindness left unknown, by expectation, until people were told and late news has had its time.
export const unjudged = sqliteTable(
  'unjudged',
  {
    id: id(),
    expectationId: integer('expectation_id').notNull(),
    firstDue: integer('first_due').notNull(),
    lastDue: integer('last_due').notNull(),
    times: integer('times').notNull(),
    blind: integer('blind').notNull(),
    notedAt: integer('noted_at').notNull(),
    toldAt: integer('told_at'),
    settledAs: text('settled_as'),
  },
  (t) => [
    uniqueIndex('unjudged_untold').on(t.expectationId).where(sql`told_at is null`),
    index('unjudged_of').on(t.expectationId, t.lastDue),
  ],
)

// Where in code events are affirmed: one row a file. `as_of` is the commit time of its repository's last push, for rows that are gone, too.
export const places = sqliteTable(
  'places',
  {
    id: id(),
    eventId: integer('event_id').notNull(),
    repo: text().notNull(),
    path: text().notNull(),
    line: integer().notNull(),
    more: integer().notNull(),
    link: text(),
    firstCommit: text('first_commit').notNull(),
    firstAt: integer('first_at').notNull(),
    lastCommit: text('last_commit').notNull(),
    lastAt: integer('last_at').notNull(),
    goneCommit: text('gone_commit'),
    goneAt: integer('gone_at'),
    asOfCommit: text('as_of_commit').notNull(),
    asOf: integer('as_of').notNull(),
    pushedAt: integer('pushed_at').notNull(),
  },
  (t) => [uniqueIndex('places_once').on(t.eventId, t.repo, t.path), index('places_repo').on(t.repo)],
)
