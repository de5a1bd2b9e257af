import { Fault } from '../domain/fault.ts'

const MOST_WAITING = 2

/** One piece of work after the other. Throws `over-capacity` when two wait already: who asks again soon loses nothing. */
export function oneAtATime(busy: string): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let inHand = 0
  return async (work) => {
    if (inHand > MOST_WAITING) throw new Fault('over-capacity', busy)
    inHand += 1
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      inHand -= 1
    }
  }
}
