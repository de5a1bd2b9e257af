import type { Duration, Millis } from '../domain/time.ts'
import type { Loop } from '../loop.ts'
import type { Store } from '../store/store.ts'
import type { Health } from './health.ts'

const BEAT: Duration = 5_000
/** A node whose span was stretched this recently listens. */
export const STILL_LISTENING: Duration = 15_000
/** A longer rest between two beats means that the process was frozen, could not store, or the clock jumped: it did not listen meanwhile. */
const LONGEST_REST: Duration = 15_000

/** The listening ledger of this node: when it could take affirmations (rule 7). */
export type Listening = Loop & {
  /** We listen at `at`: stretches the span, or begins another after a gap. Throws when it cannot be stored. */
  beat(at: Millis): Promise<void>
}

type Needs = {
  store: Pick<Store, 'openSpan' | 'extendSpan'>
  node: string
  health: Health
  affirming: { flush(): Promise<void> }
}

export function aListening({ store, node, health, affirming }: Needs): Listening {
  let span: { id: number; to: Millis } | null = null
  let last: Promise<void> = Promise.resolve()

  const stretch = async (at: Millis): Promise<void> => {
    try {
      // Who could not store did not listen, however soon it could again.
      const isUnbroken = span !== null && at >= span.to && at - span.to <= LONGEST_REST && !health.hasFailedSince(span.to)
      if (span !== null && isUnbroken) await store.extendSpan(span.id, at)
      const id = span !== null && isUnbroken ? span.id : await store.openSpan(node, at)
      span = { id, to: at }
      health.stored(at)
    } catch (error) {
      health.failedToStore(at)
      throw error
    }
  }

  const beat = (at: Millis): Promise<void> => {
    // One after the other: two at once would open two spans.
    last = last.catch(() => undefined).then(() => stretch(at))
    return last
  }

  return {
    name: 'listen',
    pause: () => BEAT,
    tick: async (now) => {
      // While affirmations wait for a database that takes none, a beat of ours that gets through would be a lie.
      await affirming.flush()
      await beat(now)
      return 'idle'
    },
    beat,
  }
}
