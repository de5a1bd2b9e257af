import { Hono } from 'hono'
import * as v from 'valibot'
import type { Backtest } from '../../domain/backtest.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { Terms } from '../../domain/expectation.ts'
import { iso } from '../../domain/time.ts'
import { actorIn } from '../access.ts'
import { envFor } from '../key-env.ts'
import { readQuery } from '../query.ts'
import { env } from '../schema/fields.ts'
import type { Services } from '../services.ts'

const suggestionQuery = v.strictObject({ env: v.optional(env) })

export const backtestShape = ({ days, met, missed, unknown, wouldHaveMissed, note }: Backtest) => ({
  days,
  met,
  missed,
  unknown,
  wouldHaveMissed: wouldHaveMissed.map(iso),
  note,
})

const suggestedShape = ({ expression, timeZone, atLeast, lookback, grace }: Terms) => ({
  schedule: expression,
  timeZone,
  atLeast,
  lookback: lookback === null ? null : formatDuration(lookback),
  grace: formatDuration(grace),
})

/** `GET /events/:event/suggestion`. */
export function suggestionRoutes({ declaring, suggesting, settings, clock }: Services): Hono {
  const app = new Hono()
  app.get('/events/:event/suggestion', async (c) => {
    const env = envFor(actorIn(c), readQuery(c, suggestionQuery).env) ?? settings.env
    const event = await declaring.event(c.req.param('event'))
    const { terms, confidence, why, seen, backtest } = await suggesting.suggest(event, env, clock.now())
    return c.json({
      suggestion: terms === null ? null : suggestedShape(terms),
      confidence,
      why,
      seen: { ...seen, from: iso(seen.from), to: iso(seen.to) },
      backtest: backtestShape(backtest),
    })
  })
  return app
}
