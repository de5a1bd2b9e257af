import { incidentPath } from '../addresses.ts'
import { reasonOf } from '../judged.ts'
import type { ExpectationView, IncidentView, Moment } from '../models.ts'
import { windowInWords } from '../words.ts'
import { Clock, Relative, Since } from './when.tsx'

type Props = { expectation: ExpectationView; moment: Moment }

/** Why it is not as expected, since when, and who has it. Nothing where all is well. */
export const Why = ({ expectation, moment }: Props) => {
  switch (expectation.state) {
    case 'missed':
      return <WhyMissed expectation={expectation} moment={moment} />
    case 'late':
      return <WhyLate expectation={expectation} moment={moment} />
    case 'unknown':
      return <WhyUnknown expectation={expectation} moment={moment} />
    default:
      return null
  }
}

const WhyMissed = ({ expectation: { verdicts, incident }, moment }: Props) => {
  const newest = verdicts.at(-1)
  return (
    <>
      {newest !== undefined && (
        <>
          <b>{reasonOf(newest)}</b>
          {newest.reported ? ' at ' : ' from '}
          {newest.reported ? <Clock at={newest.due} moment={moment} /> : windowInWords(newest.window, newest.due, moment)}.{' '}
        </>
      )}
      {incident !== null && <Who incident={incident} moment={moment} />}
    </>
  )
}

const LONGEST_NOTE = 140

const shortened = (note: string): string => (note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE)}…` : note)

const Who = ({ incident: { id, openedAt, acknowledgedBy, note }, moment }: { incident: IncidentView; moment: Moment }) => (
  <>
    {acknowledgedBy === null ? (
      <strong>Nobody has it yet.</strong>
    ) : (
      <>
        <strong>{acknowledgedBy}</strong> has it{note === null || note === '' ? '.' : `: “${shortened(note)}”`}
      </>
    )}{' '}
    <a href={incidentPath(id)}>Incident {id}</a>, open for <Since at={openedAt} moment={moment} />
  </>
)

const WhyLate = ({ expectation: { nextDue, checkAt, incident }, moment }: Props) => (
  <>
    <b>Too few so far</b>
    {nextDue !== null && (
      <>
        , due <Clock at={nextDue} moment={moment} />
      </>
    )}
    .
    {checkAt !== null && (
      <>
        {' '}
        Missed if nothing comes by <Clock at={checkAt} moment={moment} />, <Relative at={checkAt} moment={moment} />
      </>
    )}{' '}
    {incident !== null && <Who incident={incident} moment={moment} />}
  </>
)

/** Blindness opens no incident, and closes none. */
const WhyUnknown = ({ expectation: { verdicts, incident }, moment }: Props) => {
  const newest = verdicts.at(-1)
  if (newest === undefined) return null
  return (
    <>
      {reasonOf(newest)}, from {windowInWords(newest.window, newest.due, moment)}.{' '}
      {incident === null ? 'No incident.' : <Who incident={incident} moment={moment} />}
    </>
  )
}
