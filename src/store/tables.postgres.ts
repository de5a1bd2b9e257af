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
