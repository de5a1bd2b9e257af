import type { Context } from 'hono'
import { OpenPage } from '../../../views/pages/open.tsx'
import { Fault } from '../../domain/fault.ts'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'

const isOpen = ({ settings }: Services): boolean => settings.auth === 'open'

/** The page in place of one about people, where nobody is asked who they are; null where somebody is. */
export const openPage = async (c: Context, services: Services, what: string): Promise<Response | null> =>
  isOpen(services) ? await c.html(OpenPage({ page: { frame: await frameOf(c, services), what } })) : null

/** Nobody is signed in, invited or shown out where nobody is asked who they are. */
export function checkAsks(services: Services): void {
  if (services.settings.auth === 'proxy')
    throw new Fault('conflict', 'The proxy in front of this server says who people are; nobody signs in here.')
  checkKnown(services)
}

/** Nobody has a role where nobody is asked who they are. */
export function checkKnown(services: Services): void {
  if (isOpen(services))
    throw new Fault('conflict', 'This server asks nobody who they are. Start it with AFFIRMATIVE_AUTH=accounts to change that.')
}
