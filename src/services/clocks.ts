import type { Clock } from '../clock.ts'
import { type Duration, MINUTE, type Millis } from '../domain/time.ts'
import type { Log } from '../log.ts'
import type { Loop } from '../loop.ts'
import type { Store } from '../store/store.ts'

/** A clock further off than this is told. */
export const NOTICEABLE: Duration = 2_000
const REST: Duration = 10_000
/** Asked so often, the answer that came quickest is believed: it says most exactly when it was given. */
const TRIES = 3

/** Our clock and the database's: that one is the same for all nodes, and what due instants are judged by. */
export type Clocks = {
  /** Tells the database's time. */
  clock: Clock
  /** Asks the database. Throws when it does not answer; then what is known stays. */
  compare(): Promise<void>
  /** How far ours is ahead of the database's; 0 where both are of one machine. */
  offset(): Duration
  loop: Loop
}

type Needs = { store: Pick<Store, 'clock'>; clock: Clock; log: Log }

export function aClocks({ store, clock: ours, log }: Needs): Clocks {
  let offset = 0
  let toldAt: Millis | null = null

  const ask = async (): Promise<{ way: Duration; offset: Duration } | null> => {
    const [before, start] = [ours.now(), ours.elapsed()]
    const theirs = await store.clock()
    const way = ours.elapsed() - start
    return theirs === null ? null : { way, offset: before + way / 2 - theirs }
  }

  const tell = (): void => {
    const isOff = Math.abs(offset) > NOTICEABLE
    const now = ours.elapsed()
    if (isOff && (toldAt === null || now - toldAt >= MINUTE)) {
      log.warn({ offset }, 'this clock differs from the database’s, by which everything is judged: see to its time service (NTP)')
      toldAt = now
    }
    if (!isOff && toldAt !== null) {
      log.info({ offset }, 'this clock agrees with the database’s again')
      toldAt = null
    }
  }

  const compare = async (): Promise<void> => {
    let best: Awaited<ReturnType<typeof ask>> = null
    for (let i = 0; i < TRIES; i++) {
      const answer = await ask()
      if (answer === null) return
      if (best === null || answer.way < best.way) best = answer
    }
    offset = Math.round(best?.offset ?? offset)
    tell()
  }

  return {
    clock: { ...ours, now: () => ours.now() - offset },
    compare,
    offset: () => offset,
    loop: {
      name: 'clocks',
      pause: () => REST,
      tick: async () => {
        await compare()
        return 'idle'
      },
    },
  }
}
