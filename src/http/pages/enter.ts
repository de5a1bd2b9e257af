import type { Context } from 'hono'
import type { Person } from '../../domain/access.ts'
import { setDevice } from '../device-cookie.ts'
import { peerOf } from '../peer.ts'
import type { Services } from '../services.ts'
import { sessionTokenOf, setSession } from '../session-cookie.ts'

/** Where a request comes from, as a session keeps it. */
export const fromOf = (c: Context, { settings }: Services) => ({
  address: peerOf(c, settings.trustedProxies),
  agent: c.req.header('user-agent') ?? '',
})

/** Signs the browser in by a session that is new: one that somebody planted here before is worth nothing, and the one it had ends. */
export async function enter(c: Context, services: Services, person: Person, proved?: string): Promise<void> {
  const { signIn, clock } = services
  const old = sessionTokenOf(c, services)
  if (old !== null) await signIn.signOut(old)
  setSession(c, services, await signIn.begin(person, fromOf(c, services), clock.now(), proved))
  await knowDevice(c, services, person)
}

/** This browser is no stranger to this person any more: to be said again whenever their password has changed. */
export async function knowDevice(c: Context, services: Services, person: Person): Promise<void> {
  const device = await services.signIn.device(person)
  if (device !== null) setDevice(c, services, device)
}
