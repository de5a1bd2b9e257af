import { Hono } from 'hono'
import { problem } from '../problem.ts'
import type { Services } from '../services.ts'

/** `/healthz`: the process answers. `/readyz`: it can store, and the evaluator is up to date. */
export const healthRoutes = ({ health, clock }: Services): Hono =>
  new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', (c) => {
      const troubles = health.troubles(clock.now())
      return troubles.length === 0
        ? c.json({ status: 'ready' })
        : problem(503, `Not ready: ${troubles.join('; ')}.`, { troubles })
    })
