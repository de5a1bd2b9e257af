import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { systemClock } from '../../src/clock.ts'
import type { Millis } from '../../src/domain/time.ts'
import type { Store } from '../../src/store/store.ts'
import { aWorld, type World } from './world.ts'

/** A world behind a real port: pages are real, time is the test's. */
export type Site = { world: World; url: string; close(): Promise<void> }

export async function startSite(
  store: Store,
  now: string | Millis,
  { make = aWorld, ...options }: Parameters<typeof aWorld>[2] & { make?: typeof aWorld } = {},
): Promise<Site> {
  const world = make(store, now, { ...options, sleep: systemClock.sleep })
  const server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: (request, env) => world.app.fetch(request, env), port: 0, hostname: '127.0.0.1' }, () =>
      resolve(started as Server),
    )
  })
  // A connection that the server closes in the very moment in which it is used again would be no fault of what is tested.
  server.keepAliveTimeout = 60_000
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    world,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
