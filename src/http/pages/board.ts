import { Hono } from 'hono'
import * as v from 'valibot'
import { BoardPage } from '../../../views/pages/board.tsx'
import { WallPage } from '../../../views/pages/wall.tsx'
import { PART } from '../../../views/parts/board-more.tsx'
import { STATES, type State } from '../../domain/expectation.ts'
import { underAt } from '../../domain/maintenance.ts'
import { readBoard } from '../../services/board.ts'
import { aNameFilters } from '../../services/name-filter.ts'
import { readQuery } from '../query.ts'
import { countText, search } from '../schema/fields.ts'
import type { Services } from '../services.ts'
import { baseUrlOf, frameOf } from './frame.ts'
import { boardRow } from './view-models.ts'

const short = v.optional(search, '')
const isState = (text: string): text is State | '' => text === '' || STATES.some((state) => state === text)

const boardQuery = v.object({
  q: short,
  env: short,
  tag: short,
  state: v.optional(v.pipe(v.string(), v.check(isState, `must be one of ${STATES.join(', ')}`)), ''),
  from: v.optional(countText(0, 1_000_000), '0'),
  wall: v.optional(search),
})

/** `GET /`; with `?wall` for a screen on a wall. */
export function boardRoutes(services: Services): Hono {
  const { store, settings, clock } = services
  const filters = aNameFilters(clock.elapsed)
  return new Hono().get('/', async (c) => {
    const query = readQuery(c, boardQuery)
    const filter = { q: query.q, env: query.env, tag: query.tag, state: isState(query.state) ? query.state : ('' as const) }
    const [board, nextDue, envs, tags, windows] = await Promise.all([
      readBoard({ store, filters }, { ...filter, from: query.from, rows: PART }),
      store.nextCheck(),
      store.environments(),
      store.tags(),
      store.maintenanceWindows(clock.now()),
    ])
    const underOf = underAt(windows, clock.now())
    const page = {
      frame: await frameOf(c, services, board.counts),
      filter,
      filterError: board.filterError,
      choices: { envs, tags },
      defaultEnv: settings.env,
      nextDue,
      matching: board.matching,
      trouble: board.trouble.map((shown) => boardRow(shown, underOf)),
      calm: board.calm.map((shown) => boardRow(shown, underOf)),
      from: board.from,
      unexpected: {
        items: board.unexpected.items.map(({ event, last, nearest }) => ({
          event: event.name,
          eventKey: event.key,
          last,
          nearest,
        })),
        total: board.unexpected.total,
      },
      baseUrl: baseUrlOf(c, services),
    }
    return c.html(query.wall === undefined ? BoardPage({ page }) : WallPage({ page }))
  })
}
