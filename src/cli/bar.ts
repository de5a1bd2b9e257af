import { type Duration, SECOND } from '../domain/time.ts'
import { barOf } from './progress.ts'
import type { Printed } from './verb.ts'

/** How far something is: on a terminal one line that is written over, else nothing until its end. */
export type Bar = { tell(done: number, all: number | null, text: string): void; end(text: string): void }

const PAUSE: Duration = SECOND / 10

/** `elapsed`: milliseconds on a clock that never jumps. */
export function aBar(err: Printed, elapsed: () => Duration): Bar {
  const isOverwriting = err.isTTY === true
  let told = Number.NEGATIVE_INFINITY
  return {
    tell: (done, all, text) => {
      if (!isOverwriting || elapsed() - told < PAUSE) return
      told = elapsed()
      const bar = all === null ? '' : `${barOf(done / Math.max(1, all))} `
      err.write(`\r${`${bar}${text}`.slice(0, (err.columns ?? 80) - 1)}\x1b[K`)
    },
    end: (text) => void err.write(`${isOverwriting ? '\r\x1b[K' : ''}${text}\n`),
  }
}
