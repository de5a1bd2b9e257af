import { type Context, Hono } from 'hono'
import { withQuery } from '../../../views/addresses.ts'
import { EventsPage } from '../../../views/pages/events.tsx'
import type { Author } from '../../domain/audit.ts'
import { Fault } from '../../domain/fault.ts'
import type { Millis } from '../../domain/time.ts'
import { authorIn } from '../access.ts'
import { readFields } from '../body.ts'
import type { Services } from '../services.ts'
import { eventsPageOf } from './events.ts'

const ACTS = ['pause', 'resume'] as const
type Act = (typeof ACTS)[number]
const MOST_AT_ONCE = 1_000
/** What of the address of the table is gone back to; anything else in `back` is not ours. */
const KEPT = ['q', 'tag', 'state', 'without', 'sort', 'dir', 'page'] as const

const numbersIn = (texts: readonly string[]): number[] => texts.filter((text) => /^\d{1,15}$/.test(text)).map(Number)

/** What a button asks for: one by the button's own number, or all that are ticked. */
function readAct(fields: URLSearchParams): { act: Act; ids: number[] } | null {
  for (const act of ACTS) {
    const [id] = numbersIn(fields.getAll(act))
    if (id !== undefined) return { act, ids: [id] }
  }
  const act = ACTS.find((one) => one === fields.get('do'))
  return act === undefined ? null : { act, ids: numbersIn(fields.getAll('expectation')) }
}

/** Only its query is used: nobody is sent elsewhere. */
function backTo(fields: URLSearchParams, done: string): string {
  const back = new URLSearchParams((fields.get('back') ?? '').split('?').slice(1).join('?'))
  return withQuery('/events', { ...Object.fromEntries(KEPT.map((name) => [name, back.get(name) ?? ''])), done })
}

/** Those that were deleted meanwhile are passed over. */
async function actOnAll({ declaring }: Services, { act, ids }: { act: Act; ids: number[] }, at: Millis, by: Author) {
  for (const id of new Set(ids))
    try {
      await declaring[act](await declaring.expectation(id), at, by)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'not-found') throw error
    }
}

/** `POST /expectations`: pauses or resumes one or several of the table. */
export function severalRoutes(services: Services): Hono {
  const refuse = async (c: Context, mistake: string) =>
    c.html(EventsPage({ page: await eventsPageOf(c, services, { mistake }) }), 422)

  return new Hono().post('/expectations', async (c) => {
    const fields = await readFields(c)
    const asked = readAct(fields)
    if (asked === null) return refuse(c, 'Nothing was changed: say whether to pause or to resume.')
    if (asked.ids.length === 0) return refuse(c, `Nothing was changed: tick the expectations to ${asked.act} first.`)
    if (asked.ids.length > MOST_AT_ONCE) return refuse(c, `Nothing was changed: at most ${MOST_AT_ONCE} at once.`)
    await actOnAll(services, asked, services.clock.now(), authorIn(c, services))
    services.changes.tell()
    return c.redirect(backTo(fields, `${asked.act}d`), 303)
  })
}
