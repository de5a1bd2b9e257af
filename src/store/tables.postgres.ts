import { sql } from 'drizzle-orm'
import { bigint, bigserial, boolean, index, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'

const id = () => bigserial({ mode: 'number' }).primaryKey()
const int = (name?: string) => (name === undefined ? bigint({ mode: 'number' }) : bigint(name, { mode: 'number' }))
const bool = (name: string) => boolean(name)

export const environments = pgTable('environments', { id: id(), name: text().notNull().unique() })

export const events = pgTable('events', {
  id: id(),
  key: text().notNull().unique(),
  name: text().notNull().unique(),
  description: text().notNull(),
  tags: text().notNull(),
  createdAt: int('created_at').notNull(),
})

// Partitioned by day of `at` (see postgres.partitions.ts), which drizzle has no word for: the migration says it.
// No index but the one that is asked by: every byte and every write here is paid for each affirmation.
export const affirmations = pgTable(
  'affirmations',
  {
    id: bigserial({ mode: 'number' }).notNull(),
    eventId: int('event_id').notNull(),
    envId: int('env_id').notNull(),
    at: int().notNull(),
    status: smallint().notNull(),
    source: text().notNull(),
    value: text(),
    clientId: text('client_id'),
  },
  (t) => [index('affirmations_counted').on(t.eventId, t.envId, t.at, t.status)],
)

// Which client ids are taken, and by the affirmation of which instant. A table of its own: nothing can be unique across partitions but with
// what they are parted by, and a retry may come with another `at`.
export const clientIds = pgTable(
  'client_ids',
  {
    eventId: int('event_id').notNull(),
    envId: int('env_id').notNull(),
    clientId: text('client_id').notNull(),
    at: int().notNull(),
  },
  (t) => [primaryKey({ name: 'client_ids_once', columns: [t.eventId, t.envId, t.clientId] }), index('client_ids_at').on(t.at)],
)

export const terms = pgTable(
  'terms',
  {
    id: id(),
    expectationId: int('expectation_id').notNull(),
    envId: int('env_id').notNull(),
    schedule: text().notNull(),
    timeZone: text('time_zone').notNull(),
    atLeast: int('at_least').notNull(),
    atMost: int('at_most'),
    counting: text().notNull(),
    lookback: int(),
    grace: int().notNull(),
    filter: text(),
    ignoreFailures: bool('ignore_failures').notNull(),
  },
  (t) => [index('terms_expectation').on(t.expectationId)],
)

export const expectations = pgTable(
  'expectations',
  {
    id: id(),
    eventId: int('event_id').notNull(),
    tags: text().notNull(),
    termsId: int('terms_id').notNull(),
    owedTermsId: int('owed_terms_id'),
    termsSince: int('terms_since').notNull(),
    createdAt: int('created_at').notNull(),
    since: int().notNull(),
    pausedAt: int('paused_at'),
    nextDue: int('next_due'),
    checkAt: int('check_at'),
    windowStart: int('window_start').notNull(),
    lastDue: int('last_due'),
    lastVerdict: text('last_verdict'),
    caughtUp: int('caught_up').notNull(),
    alertAfter: int('alert_after').notNull().default(1),
    recoverAfter: int('recover_after').notNull().default(1),
    severity: text().notNull().default('critical'),
    channels: text().notNull().default('[]'),
  },
  // With the id, in which SQLite's has it anyway: thousands are due at one instant, and are claimed in order.
  (t) => [index('expectations_check').on(t.checkAt, t.id), index('expectations_event').on(t.eventId)],
)

export const verdicts = pgTable(
  'verdicts',
  {
    expectationId: int('expectation_id').notNull(),
    due: int().notNull(),
    reported: bool('reported').notNull(),
    termsId: int('terms_id').notNull(),
    verdict: text().notNull(),
    reason: text().notNull(),
    observed: int().notNull(),
    blind: int().notNull(),
    windowFrom: int('window_from').notNull(),
    windowTo: int('window_to').notNull(),
    decidedAt: int('decided_at').notNull(),
    amendedFrom: text('amended_from'),
    amendedAt: int('amended_at'),
    amendedReason: text('amended_reason'),
  },
  (t) => [
    primaryKey({ name: 'verdicts_once', columns: [t.expectationId, t.due, t.reported] }),
    index('verdicts_by_due').on(t.due, t.expectationId, t.reported),
  ],
)

export const incidents = pgTable(
  'incidents',
  {
    id: id(),
    expectationId: int('expectation_id').notNull(),
    openedAt: int('opened_at').notNull(),
    openedDue: int('opened_due').notNull(),
    closedAt: int('closed_at'),
    closedDue: int('closed_due'),
    acknowledgedAt: int('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    note: text(),
    assignedTo: text('assigned_to'),
    snoozedUntil: int('snoozed_until'),
  },
  (t) => [
    uniqueIndex('incidents_open').on(t.expectationId).where(sql`closed_at is null`),
    index('incidents_expectation').on(t.expectationId),
  ],
)

export const listening = pgTable(
  'listening',
  { id: id(), node: text().notNull(), from: int('span_from').notNull(), to: int('span_to').notNull() },
  (t) => [index('listening_to').on(t.to)],
)

// Affirmations that the evaluator must look at for themselves: reported failures and those that came after their time.
export const news = pgTable('news', {
  id: id(),
  eventId: int('event_id').notNull(),
  envId: int('env_id').notNull(),
  at: int().notNull(),
  status: smallint().notNull(),
  source: text().notNull(),
})

// One row: up to which instant windows have been judged, by any node. Affirmations of before it are late news.
export const judging = pgTable('judging', { id: id(), upTo: int('up_to').notNull() })

// What was deleted by name but whose rows are still to be cleared away in small steps.
export const removed = pgTable('removed', { id: id(), kind: text().notNull(), ref: int().notNull() })

// People who sign in. `password` is a scrypt hash; null where another system says who it is (`identity`).
export const people = pgTable('people', {
  id: id(),
  name: text().notNull().unique(),
  role: text().notNull(),
  password: text(),
  identity: text().unique(),
  createdAt: int('created_at').notNull(),
  endedAt: int('ended_at'),
})

// Signed-in browsers. The cookie holds the secret, this its hash.
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    hash: text().notNull().unique(),
    personId: int('person_id').notNull(),
    createdAt: int('created_at').notNull(),
    seenAt: int('seen_at').notNull(),
    address: text().notNull(),
    agent: text().notNull(),
  },
  (t) => [index('sessions_person').on(t.personId)],
)

// Links that work once: the first set-up, an invitation, a new password.
export const links = pgTable('links', {
  id: id(),
  hash: text().notNull().unique(),
  kind: text().notNull(),
  role: text().notNull(),
  personId: int('person_id'),
  createdBy: text('created_by').notNull(),
  createdAt: int('created_at').notNull(),
  expiresAt: int('expires_at').notNull(),
  usedAt: int('used_at'),
})

// What programs show to be let in, by its hash; `hint` is as much of the secret as tells two apart.
export const apiKeys = pgTable('api_keys', {
  id: id(),
  name: text().notNull(),
  hash: text().notNull().unique(),
  hint: text().notNull(),
  scopes: text().notNull(),
  env: text(),
  createdBy: text('created_by').notNull(),
  createdAt: int('created_at').notNull(),
  usedAt: int('used_at'),
  endedAt: int('ended_at'),
})

// Who changed what, from what to what, and from where. `before` and `after` are JSON and hold no secrets.
export const audit = pgTable(
  'audit',
  {
    id: id(),
    at: int().notNull(),
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
export const withdrawals = pgTable(
  'withdrawals',
  {
    id: id(),
    affirmationId: int('affirmation_id').notNull(),
    eventId: int('event_id').notNull(),
    envId: int('env_id').notNull(),
    at: int().notNull(),
    status: int().notNull(),
    withdrawnBy: text('withdrawn_by').notNull(),
    withdrawnAt: int('withdrawn_at').notNull(),
  },
  (t) => [index('withdrawals_of').on(t.eventId, t.envId, t.at)],
)

// Where people are told. Secrets in `settings` are sealed. One that was deleted keeps its row, for what it was told.
export const channels = pgTable('channels', {
  id: id(),
  name: text().notNull(),
  kind: text().notNull(),
  settings: text().notNull(),
  tells: text().notNull(),
  matching: text(),
  isDefault: bool('is_default').notNull(),
  remindEvery: int('remind_every'),
  isEnabled: bool('is_enabled').notNull(),
  createdAt: int('created_at').notNull(),
  endedAt: int('ended_at'),
  failingSince: int('failing_since'),
  failures: int('failures').notNull().default(0),
})

// The outbox: one message owed to one channel. `key` is its id for the outside, the same at every try; `about` holds what could not be read again when it is sent.
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    key: text().notNull().unique(),
    channelId: int('channel_id').notNull(),
    kind: text().notNull(),
    expectationId: int('expectation_id'),
    incidentId: int('incident_id'),
    floodId: int('flood_id'),
    due: int('due'),
    about: text().notNull(),
    createdAt: int('created_at').notNull(),
    state: text().notNull(),
    reason: text(),
    heldBy: text('held_by'),
    nextAt: int('next_at'),
    attempts: int('attempts').notNull().default(0),
    parts: int('parts').notNull().default(0),
    settledAt: int('settled_at'),
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
export const tellings = pgTable(
  'tellings',
  {
    channelId: int('channel_id').notNull(),
    expectationId: int('expectation_id').notNull(),
    told: text().notNull(),
    thread: text().notNull(),
    incidentId: int('incident_id').notNull(),
    floodId: int('flood_id'),
    since: int('since').notNull(),
    remindAt: int('remind_at'),
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
export const floods = pgTable(
  'floods',
  {
    id: id(),
    channelId: int('channel_id').notNull(),
    beganAt: int('began_at').notNull(),
    lastAt: int('last_at').notNull(),
    misses: int('misses').notNull(),
    overAt: int('over_at'),
    endedAt: int('ended_at'),
  },
  (t) => [uniqueIndex('floods_on').on(t.channelId).where(sql`over_at is null`), index('floods_ended').on(t.endedAt)],
)

// Times in which what is missed is judged and shown, but not sent: from `starts_at` to `ends_at`, or by `schedule` for so long.
export const maintenance = pgTable('maintenance', {
  id: id(),
  name: text().notNull(),
  schedule: text(),
  timeZone: text('time_zone').notNull(),
  lasts: int('lasts'),
  startsAt: int('starts_at'),
  endsAt: int('ends_at'),
  matching: text(),
  createdBy: text('created_by').notNull(),
  createdAt: int('created_at').notNull(),
  endedAt: int('ended_at'),
})

// Due instants that our own blindness left unknown, by expectation, until people were told and late news has had its time.
export const unjudged = pgTable(
  'unjudged',
  {
    id: id(),
    expectationId: int('expectation_id').notNull(),
    firstDue: int('first_due').notNull(),
    lastDue: int('last_due').notNull(),
    times: int('times').notNull(),
    blind: int('blind').notNull(),
    notedAt: int('noted_at').notNull(),
    toldAt: int('told_at'),
    settledAs: text('settled_as'),
  },
  (t) => [
    uniqueIndex('unjudged_untold').on(t.expectationId).where(sql`told_at is null`),
    index('unjudged_of').on(t.expectationId, t.lastDue),
  ],
)

// Where in code events are affirmed: one row a file. `as_of` is the commit time of its repository's last push, for rows that are gone, too.
export const places = pgTable(
  'places',
  {
    id: id(),
    eventId: int('event_id').notNull(),
    repo: text().notNull(),
    path: text().notNull(),
    line: int().notNull(),
    more: int().notNull(),
    link: text(),
    firstCommit: text('first_commit').notNull(),
    firstAt: int('first_at').notNull(),
    lastCommit: text('last_commit').notNull(),
    lastAt: int('last_at').notNull(),
    goneCommit: text('gone_commit'),
    goneAt: int('gone_at'),
    asOfCommit: text('as_of_commit').notNull(),
    asOf: int('as_of').notNull(),
    pushedAt: int('pushed_at').notNull(),
  },
  (t) => [uniqueIndex('places_once').on(t.eventId, t.repo, t.path), index('places_repo').on(t.repo)],
)
