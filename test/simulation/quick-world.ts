import { type Millis, SECOND } from '../../src/domain/time.ts'
import type { Store } from '../../src/store/store.ts'
import { aWorld, instant, type World } from '../support/world.ts'

/** As far apart as beats may be: every gap is on the edge. */
export const STEP = 15 * SECOND

/** The ledger's last beat is written when somebody reads it or the process ends: two million beats a year cost nothing so. */
export function withLazyLedger(store: Store): { store: Store; settle: () => Promise<void> } {
  let stretched: { id: number; to: Millis } | null = null
  const settle = async (): Promise<void> => {
    const last = stretched
    stretched = null
    if (last !== null) await store.extendSpan(last.id, last.to)
  }
  const lazy: Store = {
    ...store,
    extendSpan: async (id, to) => {
      if (stretched !== null && stretched.id !== id) await settle()
      stretched = { id, to }
    },
    openSpan: (node, at) => settle().then(() => store.openSpan(node, at)),
    spans: (window) => settle().then(() => store.spans(window)),
  }
  return { store: lazy, settle }
}

/** A world in which days pass in milliseconds: it beats as seldom as it may and ticks only when something is to be looked at. */
export function aQuickWorld(real: Store, now?: string | Millis, options?: Parameters<typeof aWorld>[2]): World {
  const { store } = withLazyLedger(real)
  const world = aWorld(store, now, options)
  let hasNews = false

  const { affirm } = world
  world.affirm = (event, more) => {
    hasNews = true
    return affirm(event, more)
  }
  world.passUntil = async (until) => {
    const end = instant(until)
    await world.listening.tick(world.clock.now())
    let look = await store.nextCheck()
    while (world.clock.now() < end) {
      const tickAt = world.clock.now() + world.evaluation.pause(world.clock.now())
      const stop = Math.min(world.clock.now() + STEP, tickAt, end)
      world.clock.set(stop)
      await world.listening.tick(stop)
      const isAwaited = hasNews || (look !== null && look.at + 2 * SECOND <= tickAt)
      if (stop !== tickAt || !isAwaited) continue
      hasNews = false
      await world.tick()
      look = await store.nextCheck()
    }
  }
  return world
}
