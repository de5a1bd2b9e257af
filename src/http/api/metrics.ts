import { Hono } from 'hono'
import { countKinds } from '../../services/board.ts'
import { MOST_OF_BATCHES_WAITING, MOST_SINGLES } from '../../services/group-commit.ts'
import { inTime } from '../../services/patience.ts'
import type { Services } from '../services.ts'
import { by, inText, type Metric, one } from './metric.ts'
import { ofTelling, ofTheOutbox } from './metrics-telling.ts'

function counters({ vitals }: Services): Metric[] {
  const { stored, duplicates, refused, failed, commits, verdicts, pieces, judging } = vitals
  return [
    {
      name: 'affirmative_affirmations_total',
      type: 'counter',
      help: 'Affirmations by what became of them: stored, duplicate (of a client id), refused (wrong, unknown or too many), failed (answered 503).',
      samples: by('outcome', { stored, duplicate: duplicates, refused, failed }),
    },
    { name: 'affirmative_commits_total', type: 'counter', help: 'Transactions that stored affirmations.', samples: one(commits) },
    {
      name: 'affirmative_verdicts_total',
      type: 'counter',
      help: 'Verdicts that this node gave on due instants.',
      samples: by('verdict', verdicts),
    },
    {
      name: 'affirmative_judging_pieces_total',
      type: 'counter',
      help: 'Pieces of due expectations that this node judged.',
      samples: one(pieces),
    },
    {
      name: 'affirmative_judging_seconds_total',
      type: 'counter',
      help: 'Seconds that this node spent on judging.',
      samples: one(judging),
    },
  ]
}

function ofTheNode({ affirming, clock, clockOffset, health, settings, store, vitals }: Services): Metric[] {
  const { singles, ofBatches } = affirming.waiting()
  const judged = health.lastJudged()
  const connections = store.connections()
  return [
    {
      name: 'affirmative_build_info',
      type: 'gauge',
      help: 'Always 1.',
      samples: [[{ version: settings.version, engine: store.engine, node: settings.node }, 1]],
    },
    {
      name: 'affirmative_ready',
      type: 'gauge',
      help: '1 when this node can store and its evaluator is up to date.',
      samples: one(health.troubles(clock.now()).length === 0 ? 1 : 0),
    },
    {
      name: 'affirmative_clock_offset_seconds',
      type: 'gauge',
      help: 'How far the clock of this machine is ahead of the clock of the database.',
      samples: one(clockOffset() / 1_000),
    },
    {
      name: 'affirmative_judged_up_to_timestamp_seconds',
      type: 'gauge',
      help: 'All that was due by then is judged, as this node knows.',
      samples: one(judged === null ? null : judged / 1_000),
    },
    {
      name: 'affirmative_waiting_rows',
      type: 'gauge',
      help: 'Affirmations that wait to be stored.',
      samples: by('of', { singles, batches: ofBatches }),
    },
    {
      name: 'affirmative_waiting_rows_limit',
      type: 'gauge',
      help: 'More than these are answered 429.',
      samples: by('of', { singles: MOST_SINGLES, batches: MOST_OF_BATCHES_WAITING }),
    },
    {
      name: 'affirmative_database_connections',
      type: 'gauge',
      help: 'Connections to PostgreSQL, and callers that wait for one.',
      samples: connections === null ? [] : by('state', connections),
    },
    {
      name: 'affirmative_event_loop_held_seconds',
      type: 'gauge',
      help: 'The longest that the event loop was held since this was asked last.',
      samples: one(vitals.held()),
    },
    { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Resident memory.', samples: one(process.memoryUsage.rss()) },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When this node started.',
      samples: one(settings.startedAt / 1_000),
    },
  ]
}

/** Left out when the database cannot be asked: the rest is what is wanted then. */
async function ofTheDatabase({ store, clock }: Services): Promise<Metric[]> {
  const [kinds, census] = await Promise.all([inTime(clock, store.kinds()), inTime(clock, store.census())])
  return [
    {
      name: 'affirmative_expectations',
      type: 'gauge',
      help: 'Expectations by their state, of all nodes.',
      samples: kinds === null ? [] : by('state', countKinds(kinds)),
    },
    {
      name: 'affirmative_incidents_open',
      type: 'gauge',
      help: 'Incidents that are open, of all nodes.',
      samples: one(census?.openIncidents ?? null),
    },
    {
      name: 'affirmative_events',
      type: 'gauge',
      help: 'Events that are known, of all nodes.',
      samples: one(census?.events ?? null),
    },
  ]
}

/** `GET /metrics`: what a node does and how it is, for Prometheus. */
export const metricsRoutes = (services: Services): Hono =>
  new Hono().get('/metrics', async (c) => {
    const [ofTheirs, outbox] = await Promise.all([ofTheDatabase(services), ofTheOutbox(services)])
    const metrics = [...ofTheNode(services), ...counters(services), ...ofTelling(services), ...ofTheirs, ...outbox]
    return c.body(`${inText(metrics)}\n`, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
