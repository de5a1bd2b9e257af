import type { Context } from 'hono'
import { PAGE_PATHS } from '../../../views/addresses.ts'
import { MAIN_PAGES } from '../../../views/models.frame.ts'
import { DONE, type Done, type Frame, type Moment } from '../../../views/models.ts'
import { type Actor, may, PERMISSIONS } from '../../domain/access.ts'
import { type Counts, countKinds } from '../../services/board.ts'
import { knownIn } from '../access.ts'
import { ROUTES } from '../routes.ts'
import { originOf } from '../secure.ts'
import type { Services } from '../services.ts'
import { hereOf } from './here.ts'
import { switchesOf } from './switches.ts'

const ANYONE: Actor = { kind: 'anyone' }

const isDone = (text: string | undefined): text is Done => DONE.some((done) => done === text)

/** Counts are left out rather than the page when the database cannot be asked. */
const countsOf = ({ store }: Services): Promise<Counts | null> => store.kinds().then(countKinds, () => null)

const openIncidentsOf = ({ store }: Services): Promise<number | null> =>
  store.census().then(
    ({ openIncidents }) => openIncidents,
    () => null,
  )

/** Is there such a route, and may they take it? What is not there is not offered. */
function leadsTo(actor: Actor | null, route: string): boolean {
  const need = ROUTES[route]
  return need !== undefined && (need === 'nothing' || (actor !== null && may(actor, need)))
}

/** From when a page looks, and which zone leads. */
export const momentOf = (c: Context, { clock, settings }: Services): Moment => ({
  now: clock.now(),
  timeZone: settings.timeZone,
  leads: switchesOf(c).leads,
})

/** What stands around every page; `counts` where they are known already, or known to be unknown. */
export async function frameOf(c: Context, services: Services, counts?: Counts | null): Promise<Frame> {
  const { clock, settings, health, signingOff } = services
  const done = c.req.query('done')
  const actor = knownIn(c) ?? (settings.auth === 'open' ? ANYONE : null)
  // Strangers are not told how things are.
  const isHidden = actor === null
  const isPerson = actor?.kind === 'person'
  const { look } = switchesOf(c)
  return {
    moment: momentOf(c, services),
    version: settings.version,
    judgedAt: health.lastJudged(),
    counts: isHidden ? null : counts === undefined ? await countsOf(services) : counts,
    waiting: isHidden || counts === null ? null : await signingOff.waiting(clock.now()).catch(() => null),
    openIncidents: isHidden || counts === null ? null : await openIncidentsOf(services),
    done: isDone(done) ? done : null,
    who: actor === null || actor.kind === 'anyone' ? null : actor.name,
    may: PERMISSIONS.filter((permission) => actor !== null && may(actor, permission)),
    asksForKeys: settings.auth !== 'open',
    pages: MAIN_PAGES.filter((page) => leadsTo(actor, `GET ${PAGE_PATHS[page]}`)),
    hasOwnPage: isPerson && leadsTo(actor, 'GET /settings/me'),
    canSignOut: isPerson && settings.auth === 'accounts' && leadsTo(actor, 'POST /sign-out'),
    look,
    here: hereOf(c),
  }
}

/** Names and addresses only: what stands here is pasted into shells. */
const PLAIN_ORIGIN = /^https?:\/\/[A-Za-z0-9.:[\]-]{1,255}$/

/** Where this server is reached, for what people paste: as it is set, or as this request came. */
export function baseUrlOf(c: Context, services: Services): string {
  if (services.settings.publicUrl !== null) return services.settings.publicUrl
  const origin = originOf(c, services)
  return PLAIN_ORIGIN.test(origin) ? origin : 'http://this-server'
}
