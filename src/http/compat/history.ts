import { Hono } from 'hono'
import type { Expectation } from '../../domain/expectation.ts'
import { DAY, type Millis, SECOND } from '../../domain/time.ts'
import type { Verdict } from '../../domain/verdict.ts'
import type { Store } from '../../store/store.ts'
import { actorIn } from '../access.ts'
import { envFor } from '../key-env.ts'
import type { Services } from '../services.ts'
import { NO_MAXIMUM } from './config-row.ts'
import { member, streamJson } from './json-stream.ts'
import { expectationOf, originalKey } from './original-key.ts'

const KEPT = 5 * DAY
const EXPECTATIONS_A_READ = 20
const VERDICTS_A_READ = 1_000

/**
 * Whoever reads a row sees red or green by its numbers alone. So there is none for what they do not tell: what nobody could judge, for which the
 * original, which did not run then, has none either; and reported failures.
 */
const isRow = ({ verdict, reported }: Verdict): boolean => verdict !== 'unknown' && !reported

/** Oldest first. */
async function verdictsSince(store: Store, expectation: number, from: Millis): Promise<Verdict[]> {
  const found: Verdict[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<Store['verdicts']>> = await store.verdicts(
      { expectation, from },
      { limit: VERDICTS_A_READ, cursor },
    )
    found.push(...page.items.filter(isRow))
    if (page.next === null) return found.reverse()
    cursor = page.next
  }
}

const historyRow = (key: string, { due, atLeast, atMost, observed }: Verdict) => ({
  time: due / SECOND,
  key,
  min_allowed: atLeast,
  max_allowed: atMost ?? NO_MAXIMUM,
  num_observed: observed,
})

/** The last verdict, where the original would judge at once: here that happens by itself, and once for each due. */
const lastShape = ({ due, verdict, observed, atLeast, atMost }: Verdict) => ({
  count: observed,
  met_required: verdict === 'unknown' ? null : verdict === 'met',
  time: due / SECOND,
  min_allowed: atLeast,
  max_allowed: atMost ?? NO_MAXIMUM,
  verdict,
})

/** What was judged, in the original's words. What told it to judge is answered as there, and does nothing. */
export function historyRoutes(services: Services): Hono {
  const { store, clock } = services
  const app = new Hono()

  app.get('/get_check_history', (c) => {
    const env = envFor(actorIn(c), undefined)
    const from = clock.now() - KEPT
    const rowsOf = async (expectation: Expectation) => {
      const key = originalKey(expectation)
      return { key, rows: (await verdictsSince(store, expectation.id, from)).map((verdict) => historyRow(key, verdict)) }
    }
    type Rows = Awaited<ReturnType<typeof rowsOf>>
    return streamJson<Rows>(
      c,
      services,
      '{}',
      ({ key, rows }) => member(key, rows),
      async (cursor) => {
        const page = await store.listExpectations(env === undefined ? {} : { env }, { limit: EXPECTATIONS_A_READ, cursor })
        const all: Rows[] = []
        for (const expectation of page.items) all.push(await rowsOf(expectation))
        return { items: all.filter(({ rows }) => rows.length > 0), next: page.next }
      },
    )
  })

  app.get('/do_check/:key', async (c) => {
    const { id } = await expectationOf(c, services, c.req.param('key'))
    const last = (await store.lastVerdicts([id], 1)).get(id)?.at(-1)
    return c.json(last === undefined ? { message: 'not time for check yet' } : lastShape(last))
  })

  app.get('/check_all', (c) => c.json({}))
  for (const path of ['/do_minutely_cron', '/do_minutely_cron_dont_touch_this'] as const) app.get(path, (c) => c.text('yay'))

  return app
}
