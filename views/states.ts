import type { State } from '../src/domain/expectation.ts'
import type { Counts, Frame } from './models.ts'

/** Worst first: the order of the board. */
export const TROUBLE = ['missed', 'late', 'unknown'] as const satisfies readonly State[]
export const CALM = ['met', 'waiting', 'paused'] as const satisfies readonly State[]

export const isTrouble = (state: State): boolean => TROUBLE.some((one) => one === state)

/** The state that the seal, the favicon and an event with several expectations show. Null where nothing is expected. */
export const worstOf = (counts: Counts): State | null => [...TROUBLE, ...CALM].find((state) => counts[state] > 0) ?? null

/** Which of the three favicons: only a clear answer is green or red. */
export function faviconOf({ counts }: Frame): 'met' | 'missed' | 'unknown' {
  const worst = counts === null ? null : worstOf(counts)
  if (worst === 'missed') return 'missed'
  return worst === 'met' ? 'met' : 'unknown'
}

/** "(2) Board · affirmative": how many are missed comes first, so that a narrow tab still says it. */
export function titleOf({ counts }: Frame, subject: string): string {
  const missed = counts === null || counts.missed === 0 ? '' : `(${counts.missed}) `
  return `${missed}${subject} · affirmative`
}
