import { DAY, type Duration, HOUR, MINUTE } from '../src/domain/time.ts'
import type { someTerms } from '../test/support/world.ts'

/** What is expected, and how it is affirmed: each `every`, `offset` after the full one, by all `sources`, but for the instants named. */
export type Job = {
  event: string
  env?: string
  description?: string
  terms: Parameters<typeof someTerms>[0]
  tags?: string[]
  /** Tags of the event. */
  people?: string[]
  age: Duration
  every: Duration
  offset?: Duration
  sources: readonly string[]
  values?: readonly unknown[]
  silent?: readonly string[]
  fails?: readonly string[]
  isPaused?: boolean
}

const MONTH = 31 * DAY

export const EXPECTED: readonly Job[] = [
  {
    event: 'etl_3d3de3et_ran_with_no_problems',
    description: 'Orders and refunds of the last hours are in the warehouse, row counts agree, no rejects.',
    terms: { schedule: '0 1,7,16 * * 1-5', lookback: '20m' },
    tags: ['data'],
    age: MONTH,
    every: HOUR,
    offset: 54 * MINUTE,
    sources: ['etl-2'],
    values: [
      { rows: 81_204, rejects: 0 },
      { rows: 79_966, rejects: 0 },
      { rows: 84_310, rejects: 2 },
    ],
    silent: ['2026-03-04T06:54Z', '2026-02-26T06:54Z'],
  },
  {
    event: 'backup_offsite_finished',
    description: 'The copy in the other town is whole and was read back.',
    terms: { schedule: '0 3 * * *', lookback: '6h', grace: '30m' },
    tags: ['money'],
    age: MONTH,
    every: DAY,
    offset: 2 * HOUR + 41 * MINUTE,
    sources: ['nas-1'],
    values: [{ bytes: 418_002_944_113, verified: true }],
    fails: ['2026-03-04T02:41Z'],
  },
  {
    event: 'payroll_export_delivered',
    terms: { schedule: '0 9 * * *', lookback: '2h', grace: '30m' },
    tags: ['money'],
    age: MONTH,
    every: DAY,
    offset: 8 * HOUR + 47 * MINUTE,
    sources: ['hr-batch'],
    silent: ['2026-03-04T08:47Z'],
  },
  {
    event: 'invoices_sent_to_all_customers',
    terms: { schedule: '0 * * * *', lookback: '1h' },
    tags: ['money'],
    age: 2 * DAY,
    every: HOUR,
    offset: 15 * MINUTE,
    sources: ['billing-1'],
    silent: ['2026-03-03T14:15Z'],
  },
  {
    event: 'machine_learning_model_under_control',
    description: 'Drift below 2 %, the champion still beats the challenger, nothing odd in last week’s decisions.',
    terms: { schedule: '0 15 */3 * *', lookback: '3d' },
    people: ['person'],
    age: MONTH,
    every: 3 * DAY,
    offset: 14 * HOUR + 20 * MINUTE,
    sources: ['user:ann'],
    values: [{ note: 'drift 0.8 %, challenger 3 points behind' }, { note: 'drift 1.1 %' }],
  },
  {
    event: 'billing_reconciled_by_two_people',
    description: 'The ledger and the bank agree to the cent. Two different people must say so.',
    terms: { schedule: '0 12 * * 1-5', atLeast: 2, count: 'sources', lookback: '24h' },
    people: ['person'],
    tags: ['money'],
    age: MONTH,
    every: DAY,
    offset: 8 * HOUR + 31 * MINUTE,
    sources: ['user:ben', 'user:ann'],
    silent: ['2026-03-04T08:31Z', '2026-02-17T08:31Z'],
  },
  {
    event: 'app_xyz_health_check_good',
    terms: { schedule: '*/5 * * * *', atLeast: 4, lookback: '5m' },
    tags: ['platform'],
    age: 4 * HOUR,
    every: MINUTE,
    offset: 4_000,
    sources: ['probe:fra-1'],
  },
  {
    event: 'stripe_webhooks_arriving',
    terms: { schedule: '*/10 * * * *', lookback: '10m' },
    tags: ['money'],
    age: 6 * HOUR,
    every: 3 * MINUTE,
    sources: ['web-1', 'web-2'],
  },
  {
    event: 'search_index_rebuilt',
    terms: { schedule: '30 * * * *', lookback: '1h' },
    age: 2 * DAY,
    every: HOUR,
    offset: 22 * MINUTE,
    sources: ['search-3'],
    values: [{ documents: 1_402_118 }],
  },
  {
    event: 'nightly_dbt_build_green',
    terms: { schedule: '0 6 * * 1-5', lookback: '5h', where: { path: '$.status', equals: 'success' } },
    tags: ['data'],
    age: MONTH,
    every: DAY,
    offset: 4 * HOUR + 12 * MINUTE,
    sources: ['airflow'],
    values: [{ status: 'success', models: 214 }],
    silent: ['2026-02-19T04:12Z'],
  },
  {
    event: 'certificate_valid_on_every_edge',
    terms: { schedule: '0 4 * * *', atLeast: 5, count: 'sources', lookback: '24h' },
    tags: ['platform'],
    age: MONTH,
    every: DAY,
    offset: 3 * HOUR,
    sources: ['edge-1', 'edge-2', 'edge-3', 'edge-4', 'edge-5'],
  },
  {
    event: 'warehouse.eu-central-1:orders_facts.incremental_merge_with_late_arriving_dimensions',
    terms: { schedule: '0 */4 * * *', lookback: '4h' },
    tags: ['data'],
    age: 6 * DAY,
    every: 4 * HOUR,
    offset: 3 * HOUR,
    sources: ['k8s-job/orders-facts-merge-28471920-7xq2p'],
  },
  {
    event: 'dead_letter_queue_empty',
    terms: { schedule: '*/15 * * * *', atLeast: 0, atMost: 0, lookback: '15m' },
    tags: ['platform'],
    age: 8 * HOUR,
    every: DAY,
    offset: 5 * HOUR + 21 * MINUTE,
    sources: ['queue-watch'],
  },
  {
    event: 'etcd_snapshot_uploaded',
    terms: { schedule: '0 */6 * * *', atLeast: 3, count: 'sources', lookback: '6h' },
    tags: ['platform'],
    age: 9 * DAY,
    every: 6 * HOUR,
    offset: 5 * HOUR,
    sources: ['etcd-a', 'etcd-b', 'etcd-c'],
    silent: ['2026-02-27T11:00Z'],
  },
  {
    event: 'nightly_dbt_build_green',
    env: 'staging',
    terms: { schedule: '0 8 * * 1-5', lookback: '5h' },
    tags: ['data'],
    age: 20 * DAY,
    every: DAY,
    offset: 5 * HOUR,
    sources: ['airflow'],
  },
  {
    event: 'restore_drill_done',
    description: 'A backup was restored on a clean machine and the application started on it.',
    terms: { schedule: '0 17 15 * *', lookback: '31d' },
    people: ['person'],
    tags: ['platform'],
    age: 10 * DAY,
    every: 40 * DAY,
    sources: ['user:ben'],
  },
  {
    event: 'legacy_ftp_pickup_from_supplier',
    terms: { schedule: '0 20 * * 1-5', lookback: '3h' },
    age: 20 * DAY,
    every: DAY,
    offset: 19 * HOUR,
    sources: ['ftp-gw'],
    isPaused: true,
  },
]

/** They affirm, but nothing is expected of them: one looks like a typo. */
export const UNEXPECTED: readonly { event: string; ago: Duration; source: string }[] = [
  { event: 'backup_ofsite_finished', ago: 6 * HOUR + 33 * MINUTE, source: 'nas-2' },
  { event: 'iot_gateway_8_telemetry', ago: 31_000, source: 'gw-8' },
]
