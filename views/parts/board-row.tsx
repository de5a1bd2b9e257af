import { askId, eventPath } from '../addresses.ts'
import type { BoardPage, Frame, Moment, BoardRow as Row } from '../models.ts'
import { isTrouble } from '../states.ts'
import { shortly } from '../words.ts'
import { Glyph, StateMark } from './glyph.tsx'
import { EventKey, EventLink, Tags } from './name.tsx'
import { Strip } from './strip.tsx'
import { UnderMark } from './under.tsx'
import { Last, Relative } from './when.tsx'
import { Why } from './why.tsx'

type Props = { row: Row; page: Pick<BoardPage, 'frame' | 'defaultEnv'> }

/** Affirmed by people: their rows have a button. */
const PERSON = 'person'

/** One expectation. Its id stays the same, so that a live update finds the row again wherever it has moved. */
export const BoardRow = ({ row, page: { frame, defaultEnv } }: Props) => (
  <tr class={row.state} id={`expectation-${row.id}`}>
    <td class="state-c">
      <StateMark state={row.state} />
    </td>
    <th class="name-c" scope="row">
      <EventLink event={row.event} /> <EventKey eventKey={row.eventKey} />{' '}
      <span class="tags">
        {row.env !== defaultEnv && <span class="tag env">{row.env}</span>} <Tags tags={row.tags} />{' '}
        <UnderMark under={row.under} moment={frame.moment} />
      </span>
    </th>
    <td class="sent-c">{row.sentence}</td>
    <td class="strip-c">
      <Strip expectation={row} href={`${eventPath(row.event)}#verdicts`} moment={frame.moment} />
    </td>
    <td class="last-c">
      <Last last={row.last} moment={frame.moment} />
    </td>
    <td class="next-c">
      <Next row={row} moment={frame.moment} />
    </td>
    <td class="act-c">{isSignedHere(row, frame) && <SignOffLink row={row} />}</td>
    {isTrouble(row.state) && (
      <td class="why-c">
        <Why expectation={row} moment={frame.moment} />
      </td>
    )}
  </tr>
)

const isSignedHere = ({ tags, state }: Row, { may }: Frame): boolean =>
  may.includes('sign') && tags.includes(PERSON) && state !== 'paused'

const Next = ({ row: { state, nextDue }, moment }: { row: Row; moment: Moment }) => {
  if (state === 'paused') return <span>not while paused</span>
  if (nextDue === null) return <span>never again</span>
  return (
    <>
      <Relative at={nextDue} moment={moment} /> <span>{shortly(nextDue, moment)}</span>
    </>
  )
}

/** Leads to the page that asks once more: a slip of the finger must not say that something happened. */
const SignOffLink = ({ row: { event, env } }: { row: Row }) => (
  <a class="btn sign" href={`/sign-off#${askId(event, env)}`}>
    <Glyph of="met" /> Sign off<span class="vh"> {event}</span>
  </a>
)
