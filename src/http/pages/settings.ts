import { Hono } from 'hono'
import { SettingsPage } from '../../../views/pages/settings.tsx'
import { inTime } from '../../services/patience.ts'
import { actorIn } from '../access.ts'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'

/** `GET /settings`: where everything is that can be set, and what the environment of the process has set. */
export const settingsRoutes = (services: Services): Hono =>
  new Hono().get('/settings', async (c) => {
    const { clock, store, settings } = services
    const environments = await inTime(clock, store.environmentsInUse())
    return c.html(
      SettingsPage({
        page: {
          frame: environments === null ? await frameOf(c, services, null) : await frameOf(c, services),
          environments,
          defaultEnv: settings.env,
          retention: settings.retention,
          publicUrl: settings.publicUrl,
          isOpen: actorIn(c).kind === 'anyone',
        },
      }),
    )
  })
