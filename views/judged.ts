import { limitsInWords } from '../src/domain/verdict.ts'
import type { VerdictView } from './models.ts'

/** `3 of 4`, `1 of at most 0`. */
export const observedOfWanted = ({ observed, atLeast, atMost }: VerdictView): string =>
  `${observed} of ${limitsInWords({ atLeast, atMost })}`

/** The reason; a reported failure judged nothing, so its numbers are left out. */
export const reasonOf = ({ reason, reported }: VerdictView): string => (reported ? 'reported failure' : reason)
