import { MINUTE, SECOND } from '../../src/domain/time.ts'
import type { Store } from '../../src/store/store.ts'
import { affirm, query } from '../store/contract/steps.ts'
import { BY, SOMETIME } from './author.ts'
import { aWorld, instant, someTerms, type World } from './world.ts'

export const NOON = instant('2026-03-01T12:00:00Z')
/** When {@link anInstallation} has lived its half hour. */
export const LATER = NOON + 30 * MINUTE

/** Half an hour with something of everything, and as many older affirmations as are wanted. */
export async function anInstallation(store: Store, affirmations = 0): Promise<World> {
  const world = aWorld(store, NOON)
  const { declaring, clock } = world
  const pulse = await world.expects('pulse', { atLeast: 2, lookback: '2m' }, { tags: ['équipe', '日本'] })
  await world.expects('import', { grace: '30s', where: { path: '$.rows', atLeast: 1 } }, { env: 'staging' })
  const paused = await world.expects('paused', {})
  await declaring.pause(paused, NOON)
  await declaring.registerEvent({ name: 'described', description: 'Zażółć gęślą jaźń – 😀', tags: ['a"b\\c'] }, NOON)
  const old = await declaring.event('pulse')
  const told = (n: number) => ({
    at: NOON - affirmations * SECOND + n * SECOND,
    status: n % 7 === 0 ? ('fail' as const) : ('ok' as const),
    value: n % 3 === 0 ? `wert ${n} ü😀` : null,
    id: n % 4 === 0 ? `run-${n}` : null,
  })
  for (let n = 0; n < affirmations; n += 2_000)
    await affirm(store, old, ...Array.from({ length: Math.min(2_000, affirmations - n) }, (_, i) => told(n + i)))

  await world.passUntil(NOON + 5 * MINUTE)
  for (let minute = 5; minute < 30; minute += 1) {
    if (minute < 12 || minute > 15)
      await world.affirm('pulse', { value: { minute, name: 'Łódź "x" \\ {1,2}' }, id: `p-${minute}` })
    if (minute % 2 === 0) await world.affirm('pulse', { source: 'web-"2"', value: 'NULL' })
    if (minute % 3 === 0) await world.affirm('import', { env: 'staging', value: { rows: minute } })
    if (minute === 9)
      await world.affirm('pulse', { status: 'fail', value: { said: 'x'.repeat(60_000), nested: [null, { ß: '\u{1f469}‍🚀' }] } })
    if (minute === 14) {
      const draft = {
        event: 'pulse',
        env: 'prod',
        tags: ['edited'],
        paused: false,
        terms: someTerms({ lookback: '3m', grace: '20s' }),
      }
      await declaring.change(await declaring.expectation(pulse.id), draft, clock.now())
    }
    if (minute === 25) await world.affirm('pulse', { at: NOON + 13 * MINUTE, id: 'spooled' })
    // Frozen for two minutes: the ledger has a gap.
    if (minute === 20) world.sleepUntil(NOON + 22 * MINUTE)
    await world.passUntil(Math.max(clock.now(), NOON + (minute + 1) * MINUTE))
  }
  // The youngest event goes: its number must not be given again while its rows are still to be cleared.
  await world.expects('mistake', {})
  await world.affirm('mistake', { id: 'once' })
  await declaring.deleteEvent(await declaring.event('mistake'), 'mistake', SOMETIME, BY)
  await world.affirm('pulse', { status: 'fail', id: 'unsettled' })
  return world
}

export const TABLES = [
  'environments',
  'events',
  'affirmations',
  'terms',
  'expectations',
  'verdicts',
  'incidents',
  'listening',
  'news',
  'judging',
  'removed',
  'people',
  'sessions',
  'links',
  'api_keys',
  'audit',
  'withdrawals',
  'channels',
  'deliveries',
  'tellings',
  'floods',
  'maintenance',
  'unjudged',
  'places',
]

/** Something of what an installation has that lets people in. Written by hand: what is in the cells does not matter. */
export async function letIn(url: string): Promise<void> {
  await query(url, "insert into people (name, role, password, created_at) values ('Zoë', 'admin', 'scrypt:…', 1)")
  await query(
    url,
    "insert into sessions (hash, person_id, created_at, seen_at, address, agent) values ('s', 1, 1, 2, '::1', 'ß')",
  )
  await query(url, "insert into links (hash, kind, role, created_by, created_at, expires_at) values ('l', 'k', 'r', 'b', 1, 2)")
  await query(url, "insert into api_keys (name, hash, hint, scopes, created_by, created_at) values ('n', 'h', 'a', 's', 'b', 1)")
  await query(
    url,
    "insert into audit (at, who, address, action, subject) values (1, 'user:Zoë', '::1', 'event.register', 'pulse')",
  )
  await query(
    url,
    "insert into withdrawals (affirmation_id, event_id, env_id, at, status, withdrawn_by, withdrawn_at) values (1, 1, 1, 1, 0, 'b', 2)",
  )
}

/** The same of what tells people. */
export async function tellSomebody(url: string): Promise<void> {
  await query(
    url,
    "insert into channels (name, kind, settings, tells, is_default, is_enabled, created_at) values ('ops ü', 'webhook', '{}', '[]', false, true, 1)",
  )
  await query(
    url,
    "insert into deliveries (key, channel_id, kind, expectation_id, about, created_at, state, reason) values ('k', 1, 'missed', 1, '{}', 1, 'withheld', 'ß')",
  )
  await query(
    url,
    "insert into tellings (channel_id, expectation_id, told, thread, incident_id, since, about) values (1, 1, 'missed', 't', 1, 2, '{}')",
  )
  await query(url, 'insert into floods (channel_id, began_at, last_at, misses) values (1, 1, 2, 3)')
  await query(
    url,
    "insert into maintenance (name, time_zone, starts_at, ends_at, created_by, created_at) values ('Umzug', 'UTC', 1, 2, 'b', 1)",
  )
  await query(
    url,
    'insert into unjudged (expectation_id, first_due, last_due, times, blind, noted_at) values (1000, 1, 2, 3, 4, 5)',
  )
  await query(
    url,
    "insert into places (event_id, repo, path, line, more, first_commit, first_at, last_commit, last_at, as_of_commit, as_of, pushed_at) values (1, 'ü', 'a.py', 1, 0, 'a', 1, 'b', 2, 'b', 2, 3)",
  )
}

type Values = Record<string, number | string | boolean | null>
const asNumber = (value: Values[string] | undefined) => (typeof value === 'boolean' ? Number(value) : (value ?? null))

/** Every row of every table as text, in an order of their own. Truth values are numbers, as SQLite has them. */
export async function allRows(url: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const table of TABLES) {
    const rows = await query<Values>(url, `select * from ${table}`)
    found[table] = rows
      .map((row) =>
        JSON.stringify(
          Object.keys(row)
            .sort()
            .map((name) => [name, asNumber(row[name])]),
        ),
      )
      .sort()
  }
  return found
}
