import { type Duration, MINUTE } from '../domain/time.ts'
import type { Loop } from '../loop.ts'
import type { Store } from '../store/store.ts'

/** How long things are kept. */
export type Retention = { affirmations: Duration; verdicts: Duration }

/** Rows a step: a few milliseconds of writing; writers wait no longer than that. */
const ROWS_A_STEP = 500

/** Makes room for what comes, and clears away, in small steps, what is older than it is kept and what was deleted. */
export const aPruning = (store: Pick<Store, 'makeRoom' | 'prune'>, { affirmations, verdicts }: Retention): Loop => ({
  name: 'prune',
  pause: () => MINUTE,
  tick: async (now) => {
    await store.makeRoom(now)
    return (await store.prune({ affirmations: now - affirmations, verdicts: now - verdicts }, ROWS_A_STEP)) ? 'more' : 'idle'
  },
})
