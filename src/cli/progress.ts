import { type Duration, SECOND } from '../domain/time.ts'
import type { CopyProgress } from '../store/copy.ts'
import type { Printed } from './verb.ts'

/** Says how far a copy is: on a terminal in one line that is written over, else a line now and then. */
export type Progress = {
  tell(progress: CopyProgress): void
  done(rows: number): void
  /** Leaves the line as it is: what is said next begins another. */
  breakOff(): void
}

type Copying = Extract<CopyProgress, { step: 'copying' }>
/** Rows a second since this try began, and the seconds that it still takes; null while nothing can be said. */
type Pace = { rate: number | null; left: number | null }

const PAUSE = { terminal: SECOND / 10, lines: 5 * SECOND }
const STEPS = { counting: 'Counting what there is', indexing: 'Making the indexes', comparing: 'Comparing both sides' }

const number = new Intl.NumberFormat('en')
const minutes = (seconds: number): string => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`)
const percentOf = ({ done, all }: Copying): number => Math.floor((100 * done) / Math.max(1, all))

function paceOf({ done, all, before }: Copying, elapsed: Duration): Pace {
  if (elapsed < SECOND || done <= before) return { rate: null, left: null }
  const rate = ((done - before) * SECOND) / elapsed
  return { rate: Math.round(rate), left: Math.ceil((all - done) / rate) }
}

const BAR = 20
/** `[████░░]`: so much of the whole, from 0 to 1. */
export const barOf = (share: number): string => {
  const full = Math.min(BAR, Math.floor(BAR * share))
  return `[${'█'.repeat(full)}${'░'.repeat(BAR - full)}]`
}

function lineOf(at: Copying, { rate, left }: Pace): string {
  const parts = [`${at.table}: ${number.format(at.rows)} of ${number.format(at.of)}`, `${percentOf(at)} % of all rows`]
  if (rate !== null) parts.push(`${number.format(rate)} rows/s`)
  if (left !== null) parts.push(`${minutes(left)} left`)
  return parts.join(' · ')
}

const jsonOf = (at: Copying, pace: Pace) => {
  const { step, table, rows, of, done, all } = at
  return { step, table, rows, of, done, all, percent: percentOf(at), rowsPerSecond: pace.rate, secondsLeft: pace.left }
}

/** `elapsed`: milliseconds on a clock that never jumps. */
export function aProgress(out: Printed, isJson: boolean, elapsed: () => Duration): Progress {
  const isOverwriting = out.isTTY === true && !isJson
  const pause = isOverwriting ? PAUSE.terminal : PAUSE.lines
  const start = elapsed()
  let began: Duration | null = null
  let told = Number.NEGATIVE_INFINITY

  const line = (text: string): void => {
    if (isOverwriting) out.write(`\r${text.slice(0, (out.columns ?? 80) - 1)}\x1b[K`)
    else out.write(`${text}\n`)
  }
  const end = (): void => {
    if (isOverwriting) out.write('\n')
  }

  return {
    tell: (at) => {
      if (at.step !== 'copying') return line(isJson ? JSON.stringify(at) : `${STEPS[at.step]} …`)
      const now = elapsed()
      began ??= now
      if (now - told < pause) return
      told = now
      const pace = paceOf(at, now - began)
      line(
        isJson ? JSON.stringify(jsonOf(at, pace)) : `${isOverwriting ? `${barOf(percentOf(at) / 100)} ` : ''}${lineOf(at, pace)}`,
      )
    },
    done: (rows) => {
      const seconds = Math.round((elapsed() - start) / SECOND)
      line(
        isJson
          ? JSON.stringify({ step: 'done', rows, seconds })
          : `Done: ${number.format(rows)} rows in ${minutes(seconds)}; both sides agree.`,
      )
      end()
    },
    breakOff: end,
  }
}
