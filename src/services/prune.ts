import { type Duration, MINUTE, type Millis } from '../domain/time.ts'
import type { Loop } from '../loop.ts'
import type { Store } from '../store/store.ts'
import { IDLE, LONGEST } from './sign-in.ts'

/** How long things are kept. */
export type Retention = { affirmations: Duration; verdicts: Duration; deliveries: Duration }

/** Rows a step: a few milliseconds of writing; writers wait no longer than that. */
const ROWS_A_STEP = 500

type Needs = {
  store: Pick<Store, 'makeRoom' | 'prune' | 'clearSessions' | 'clearTold'>
  retention: Retention
  /** Nothing is left to clear away. */
  onCleared: (now: Millis) => void
}

/** Makes room for what comes, and clears away, in small steps, what is older than it is kept and what was deleted. */
export const aPruning = ({ store, retention: { affirmations, verdicts, deliveries }, onCleared }: Needs): Loop => ({
  name: 'prune',
  pause: () => MINUTE,
  tick: async (now) => {
    await store.makeRoom(now)
    if (await store.prune({ affirmations: now - affirmations, verdicts: now - verdicts }, ROWS_A_STEP)) return 'more'
    if (await store.clearTold(now - deliveries, ROWS_A_STEP)) return 'more'
    if (await store.clearSessions({ seen: now - IDLE, begun: now - LONGEST }, ROWS_A_STEP)) return 'more'
    onCleared(now)
    return 'idle'
  },
})
