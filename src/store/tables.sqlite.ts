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
