import { DAY, type Duration, HOUR, MINUTE, type Millis, SECOND, type Window } from './time.ts'

export const VERDICTS = ['met', 'missed', 'unknown'] as const
export type Outcome = (typeof VERDICTS)[number]

/** Why, in one word of ours; {@link reasonInWords} says it to people. */
export type Reason = 'enough' | 'too-few' | 'too-many' | 'not-listening' | 'too-young' | 'reported-failure' | 'not-judged'

/** How a met verdict or its window was judged. */
export type Limits = { atLeast: number; atMost: number | null }

/** Could silence in the window be believed? `blind` is how long nobody listened; `isYoung`: the expectation began inside the window. */
export type Sight = { isCovered: boolean; isYoung: boolean }

export type Judgement = { verdict: Outcome; reason: Reason }

/** Rules 6 and 7 of the model, for one window that is over. */
export function judge({ atLeast, atMost }: Limits, observed: number, { isCovered, isYoung }: Sight): Judgement {
  if (atMost !== null && observed > atMost) return { verdict: 'missed', reason: 'too-many' }
  const isSure = isCovered && !isYoung
  if (observed >= atLeast && (isSure || atMost === null)) return { verdict: 'met', reason: 'enough' }
  if (isSure) return { verdict: 'missed', reason: 'too-few' }
  return { verdict: 'unknown', reason: isCovered ? 'too-young' : 'not-listening' }
}

/** One verdict as it is kept and shown. `reported` marks the extra verdict of a reported failure (rule 10). */
export type Verdict = {
  expectation: number
  due: Millis
  reported: boolean
  verdict: Outcome
  reason: Reason
  observed: number
  atLeast: number
  atMost: number | null
  blind: Duration
  window: Window
  decidedAt: Millis
  amended: { from: Outcome; at: Millis; reason: string } | null
}

/** `4`, `at most 0`, `2 to 5`. */
export const limitsInWords = ({ atLeast, atMost }: Limits): string =>
  atMost === null ? `${atLeast}` : atLeast === 0 ? `at most ${atMost}` : `${atLeast} to ${atMost}`

function forHowLong(blind: Duration): string {
  if (blind < 2 * MINUTE) return `${Math.max(1, Math.round(blind / SECOND))} s`
  if (blind < 2 * HOUR) return `${Math.round(blind / MINUTE)} min`
  return blind < 2 * DAY ? `${Math.round(blind / HOUR)} h` : `${Math.round(blind / DAY)} days`
}

/** The sentence a person reads beside a verdict. */
export function reasonInWords({ reason, observed, atLeast, atMost, blind }: Verdict): string {
  switch (reason) {
    case 'enough':
      return `${observed} of ${limitsInWords({ atLeast, atMost })}`
    case 'too-few':
      return `only ${observed} of ${limitsInWords({ atLeast, atMost })}`
    case 'too-many':
      return `${observed} where at most ${atMost} may be`
    case 'not-listening':
      return `${observed} of ${limitsInWords({ atLeast, atMost })} seen, but nobody was listening for ${forHowLong(blind)}, so it proves nothing`
    case 'too-young':
      return `${observed} of ${limitsInWords({ atLeast, atMost })} seen, but the expectation is younger than its window`
    case 'reported-failure':
      return 'reported failure'
    case 'not-judged':
      return 'not judged one by one: too many due instants passed while nothing ran'
  }
}
