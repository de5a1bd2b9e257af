import { type Context, Hono } from 'hono'
import { declaredExpectation } from '../../domain/declared.ts'
import { describe, type Expectation, stateOf } from '../../domain/expectation.ts'
import { iso } from '../../domain/time.ts'
import { expectationsOf } from '../../services/configuration.ts'
import type { EventSummary, Paged } from '../../store/store.ts'
import { eventShape } from '../api/shapes.ts'
import { csvLine } from '../csv.ts'
import type { Services } from '../services.ts'
import { CSV, streamPages } from '../stream.ts'
import { readEventsFilter } from './events-filter.ts'

const EVENTS_A_READ = 200
const HEAD = csvLine(
  'event,key,description,event tags,registered,expectation,env,state,what is expected,schedule,time zone,at least,at most,count,lookback,grace,where,ignore failures,paused,tags,alert after,recover after,severity,channels,next due'.split(
    ',',
  ),
)

type Declared = { event: EventSummary; expectations: Expectation[] }

function cellsOf(expectation: Expectation): (string | number | null)[] {
  const d = declaredExpectation(expectation)
  const due = expectation.nextDue === null ? null : iso(expectation.nextDue)
  return [
    ...[expectation.id, d.env, stateOf(expectation), describe(expectation.terms), d.schedule, d.timeZone, d.atLeast, d.atMost],
    ...[d.count, d.lookback, d.grace, d.where === null ? null : JSON.stringify(d.where), String(d.ignoreFailures)],
    ...[String(d.paused), d.tags.join(' '), d.alertAfter, d.recoverAfter, d.severity, d.channels.join(', '), due],
  ]
}

/** A line for each expectation, and one for an event without any. */
function linesOf({ event, expectations }: Declared): string {
  const { name, key, description, tags, createdAt } = event
  const cells = [name, key, description, tags.join(' '), iso(createdAt)]
  return expectations.length === 0
    ? csvLine([...cells, ...Array.from({ length: 20 }, () => null)])
    : expectations.map((expectation) => csvLine([...cells, ...cellsOf(expectation)])).join('')
}

const jsonOf = ({ event, expectations }: Declared): string =>
  JSON.stringify({
    ...eventShape(event),
    expectations: expectations.map((expectation) => ({
      id: expectation.id,
      ...declaredExpectation(expectation),
      description: describe(expectation.terms),
      state: stateOf(expectation),
      nextDue: expectation.nextDue === null ? null : iso(expectation.nextDue),
    })),
  })

/** `GET /events.csv` and `GET /events.json`: the table as it is filtered, by name, as the reader takes it. */
export function eventsExportRoutes(services: Services): Hono {
  const { store } = services
  const reading = (c: Context) => {
    const { asked } = readEventsFilter(c)
    return async (cursor: string | null): Promise<Paged<Declared>> => {
      const { items, next } = await store.listEvents(asked, { limit: EVENTS_A_READ, cursor })
      const of = await expectationsOf(store, items, Number.POSITIVE_INFINITY)
      return { items: items.map((event) => ({ event, expectations: of.get(event.id) ?? [] })), next }
    }
  }
  return new Hono()
    .get('/events.csv', (c) =>
      streamPages(c, services, { type: CSV, file: 'affirmative-events.csv', head: HEAD, write: linesOf }, reading(c)),
    )
    .get('/events.json', (c) => {
      let isFirst = true
      const write = (declared: Declared): string => {
        const comma = isFirst ? '' : ',\n'
        isFirst = false
        return `${comma}${jsonOf(declared)}`
      }
      const form = { type: 'application/json', file: 'affirmative-events.json', head: '[\n', tail: '\n]\n', write }
      return streamPages(c, services, form, reading(c))
    })
}
