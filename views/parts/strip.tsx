import { reasonOf } from '../judged.ts'
import type { ExpectationView, Moment, VerdictView } from '../models.ts'
import { dayAndClock, windowInWords } from '../words.ts'

const MARKS = 30

type Mark = { look: string; title: string }

/** "missed · due 26 Feb 07:00 · only 0 of 1 · 06:40 to 07:00". */
function markOf(verdict: VerdictView, moment: Moment): Mark {
  const { due, window, amended } = verdict
  const said = amended === null ? verdict.verdict : `${verdict.verdict}, amended from ${amended.from}`
  const parts = [said, `due ${dayAndClock(due, moment)}`, reasonOf(verdict), windowInWords(window, due, moment)]
  if (amended !== null) parts.push(amended.reason)
  return { look: amended === null ? verdict.verdict : `${verdict.verdict} amended`, title: parts.join(' · ') }
}

/** The open due is no verdict, but its mark stands where the verdict will be. */
function lateMark({ state, nextDue, checkAt }: ExpectationView, moment: Moment): Mark[] {
  if (state !== 'late' || nextDue === null) return []
  const until = checkAt === null ? '' : ` · grace until ${dayAndClock(checkAt, moment)}`
  return [{ look: 'late', title: `late · due ${dayAndClock(nextDue, moment)} · too few so far${until}` }]
}

/** Exactly 30 marks, newest last; those without a verdict are dashes. */
export function marksOf(expectation: ExpectationView, moment: Moment): Mark[] {
  const marks = [...expectation.verdicts.map((verdict) => markOf(verdict, moment)), ...lateMark(expectation, moment)].slice(
    -MARKS,
  )
  const none: Mark = { look: 'none', title: 'no verdict yet' }
  return [...Array.from({ length: MARKS - marks.length }, () => none), ...marks]
}

/** "28 met, 2 missed", "no verdict yet". */
function summaryOf(marks: readonly Mark[]): string {
  const counts = ['met', 'missed', 'unknown', 'late']
    .map((state) => ({ state, n: marks.filter(({ look }) => look.split(' ')[0] === state).length }))
    .filter(({ n }) => n > 0)
  return counts.length === 0 ? 'no verdict yet' : counts.map(({ state, n }) => `${n} ${state}`).join(', ')
}

/**
 * The last 30 verdicts: one tab stop, a link to the verdicts. Its tip shows the newest on hover and focus; with the script, arrow keys
 * choose a mark.
 */
export const Strip = ({ expectation, href, moment }: { expectation: ExpectationView; href: string; moment: Moment }) => {
  const marks = marksOf(expectation, moment)
  const tip = `tip-${expectation.id}`
  return (
    <>
      <a
        class="strip"
        href={href}
        aria-label={`Last ${MARKS} verdicts of ${expectation.event}: ${summaryOf(marks)}`}
        aria-describedby={tip}
      >
        {marks.map(({ look, title }) => (
          <i class={look} title={title} />
        ))}
      </a>
      <span class="tip" role="tooltip" id={tip}>
        {marks.at(-1)?.title}
      </span>
    </>
  )
}
