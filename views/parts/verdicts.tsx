import { observedOfWanted, reasonOf } from '../judged.ts'
import type { EventPage, ExpectationEntry, Moment } from '../models.ts'
import { dayAndClock, leadingZone, windowInWords } from '../words.ts'
import { Glyph } from './glyph.tsx'
import { Clock } from './when.tsx'

type Props = Pick<EventPage, 'verdicts' | 'expectations'> & { moment: Moment }

/** The last verdicts of all expectations, newest first. A live piece. */
export const Verdicts = ({ verdicts, expectations, moment }: Props) => (
  <section id="verdicts" class="part-of" aria-labelledby="verdicts-h">
    <h2 id="verdicts-h">Last verdicts</h2>
    {verdicts.length === 0 ? (
      <p class="soft">
        {expectations.length === 0
          ? 'Nothing is expected of this event yet, so nothing is judged.'
          : 'No verdict yet: the first comes at the first due instant.'}
      </p>
    ) : (
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Due, {leadingZone(moment)}</th>
            <th scope="col">Verdict</th>
            <th scope="col">Observed</th>
            <th scope="col">Window, {leadingZone(moment)}</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {verdicts.map((verdict) => (
            <Row verdict={verdict} among={expectations} moment={moment} />
          ))}
        </tbody>
      </table>
    )}
  </section>
)

type RowProps = { verdict: EventPage['verdicts'][number]; among: readonly ExpectationEntry[]; moment: Moment }

const Row = ({ verdict, among, moment }: RowProps) => (
  <tr id={`verdict-${verdict.expectation}-${verdict.due}${verdict.reported ? '-reported' : ''}`}>
    <td>
      <Clock at={verdict.due} moment={moment} />
    </td>
    <td>
      <span class={`state ${verdict.verdict}`}>
        <Glyph of={verdict.verdict} /> {verdict.verdict}
      </span>
    </td>
    <td>{verdict.reported ? '–' : observedOfWanted(verdict)}</td>
    <td>{verdict.reported ? '–' : windowInWords(verdict.window, verdict.due, moment)}</td>
    <td class="full dots">
      {verdict.reason !== observedOfWanted(verdict) && <span>{reasonOf(verdict)}</span>}
      <Amended verdict={verdict} moment={moment} />
      {among.length > 1 && <Which id={verdict.expectation} among={among} />}
    </td>
  </tr>
)

const Amended = ({ verdict: { amended }, moment }: Omit<RowProps, 'among'>) =>
  amended === null ? null : (
    <span class="late">
      amended from {amended.from} on {dayAndClock(amended.at, moment)}: {amended.reason}
    </span>
  )

/** With several expectations a row says which. */
const Which = ({ id, among }: { id: number; among: readonly ExpectationEntry[] }) => {
  const of = among.find((expectation) => expectation.id === id)
  if (of === undefined) return null
  return (
    <span class="soft">
      <code>{of.schedule}</code> {of.env}
    </span>
  )
}
