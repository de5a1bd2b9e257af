import type { IncidentPage } from '../models.incidents.ts'
import type { Moment, VerdictView } from '../models.ts'
import { counted, shortly, spanInWords, windowInWords } from '../words.ts'
import { Seal } from './glyph.tsx'
import { Minute } from './minute.tsx'
import { EventLink } from './name.tsx'
import { Since } from './when.tsx'

type Props = { page: IncidentPage }

const lookOf = ({ expected, closedAt }: IncidentPage) => (expected === null ? 'unknown' : closedAt === null ? 'missed' : 'met')

/** How long, what did not happen, and who has it. A live piece. */
export const IncidentHead = ({ page }: Props) => {
  const look = lookOf(page)
  return (
    <section class={`answer ${look}`} id="answer" aria-label="Now">
      <Seal of={look} />
      <div>
        <h1>
          <Headline page={page} />
        </h1>
        <p>
          <Sentence page={page} />
        </p>
      </div>
    </section>
  )
}

const Headline = ({ page: { expected, openedAt, closedAt, frame } }: Props) => {
  if (expected === null) return <>Its expectation was deleted</>
  if (closedAt !== null) return <>Closed after {spanInWords(closedAt - openedAt)}</>
  return (
    <>
      Open for <Since at={openedAt} moment={frame.moment} />
    </>
  )
}

const Sentence = ({ page }: Props) => {
  const { expected, openedAt, openedDue, closedAt, opening, holder, frame } = page
  const { moment } = frame
  if (expected === null)
    return (
      <>
        It opened at <Minute at={openedAt} moment={moment} />. What is left of it is cleared away soon.
      </>
    )
  return (
    <>
      <EventLink event={expected.event} />{' '}
      {opening === null ? (
        <>
          missed what was expected of it at <Minute at={openedDue} moment={moment} />
        </>
      ) : (
        whatHappened(opening, moment)
      )}
      . {closedAt === null && <strong>{holder === null ? 'Nobody has it yet.' : `${holder.name} has it.`}</strong>}
      {closedAt !== null && holder !== null && `${holder.name} had it.`}
    </>
  )
}

/** "was not affirmed from 06:40 to 07:00". */
export function whatHappened(verdict: VerdictView, moment: Moment): string {
  const { observed, atLeast, atMost, window, due, reported, amended } = verdict
  if (reported) return `reported a failure at ${shortly(due, moment)}`
  // Nothing beside it says of which day it is.
  const when = `from ${windowInWords(window, moment.now, moment)}`
  if (verdict.verdict !== 'missed') return `was missed ${when}, which late news has corrected since`
  if (atMost !== null && observed > atMost)
    return `was affirmed ${counted(observed, 'time')} ${when}, where at most ${atMost} may be`
  const said =
    observed === 0 ? 'was not affirmed' : `was affirmed ${counted(observed, 'time')}, where at least ${atLeast} must be,`
  return `${said} ${when}${amended === null ? '' : ', as late news told'}`
}
