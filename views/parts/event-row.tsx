import { eventPath, expectationPath, newExpectationPath } from '../addresses.ts'
import type { ConfiguredExpectation, EventRow } from '../models.events.ts'
import type { Moment } from '../models.ts'
import { counted } from '../words.ts'
import { StateMark } from './glyph.tsx'
import { Breakable, EventKey, EventLink, Tags } from './name.tsx'
import { Last, Relative } from './when.tsx'

type Props = { row: EventRow; moment: Moment; mayWrite: boolean }

/** An event, and under it a line for each expectation. */
export const EventRows = ({ row, moment, mayWrite }: Props) => (
  <tbody>
    <tr class={row.expectations.length === 0 ? 'lonely' : undefined}>
      <th class="full" scope="rowgroup" colspan={4}>
        <EventLink event={row.name} /> <EventKey eventKey={row.eventKey} /> <Tags tags={row.tags} />
        {row.description !== '' && (
          <span class="soft small about" title={row.description}>
            {row.description}
          </span>
        )}
        {row.expectations.length === 0 && <Lonely row={row} mayWrite={mayWrite} />}
      </th>
      <td class="source">
        <Last last={row.last} moment={moment} />
      </td>
      {mayWrite && <EventActs event={row.name} />}
    </tr>
    {row.expectations.map((expectation) => (
      <ExpectationRow event={row.name} expectation={expectation} moment={moment} mayWrite={mayWrite} />
    ))}
    {row.more > 0 && (
      <tr>
        <td class="full" colspan={6}>
          <a href={eventPath(row.name)}>{counted(row.more, 'more expectation')}</a>
        </td>
      </tr>
    )}
  </tbody>
)

const Lonely = ({ row: { name, nearest }, mayWrite }: Omit<Props, 'moment'>) => (
  <span class="small line">
    <span class="soft">Nothing is expected of it.</span>
    {mayWrite && (
      <a href={newExpectationPath(name)}>
        Expect it<span class="vh">: {name}</span>
      </a>
    )}
    {nearest !== null && (
      <span class="late typo">
        Written wrongly? There is{' '}
        <code>
          <Breakable text={nearest} />
        </code>
        .
      </span>
    )}
  </span>
)

const EventActs = ({ event }: { event: string }) => (
  <td class="acts">
    <a href={`${eventPath(event)}#edit`}>
      Edit<span class="vh"> the event {event}</span>
    </a>{' '}
    <a href={`${eventPath(event)}/delete`}>
      Delete<span class="vh"> the event {event}</span>
    </a>
  </td>
)

type LineProps = { event: string; expectation: ConfiguredExpectation; moment: Moment; mayWrite: boolean }

const ExpectationRow = ({ event, expectation, moment, mayWrite }: LineProps) => {
  const { id, sentence, state, env, nextDue } = expectation
  return (
    <tr id={`expectation-${id}`}>
      <td class="full">
        <Sentence expectation={expectation} isTickable={mayWrite} />
      </td>
      <td>
        <StateMark state={state} />
      </td>
      <td>{env}</td>
      <td>
        {nextDue === null ? (
          <span class="soft">{state === 'paused' ? 'not while paused' : 'never again'}</span>
        ) : (
          <Relative at={nextDue} moment={moment} />
        )}
      </td>
      <td />
      {mayWrite && <ExpectationActs id={id} isPaused={state === 'paused'} what={`${event}: ${sentence}`} />}
    </tr>
  )
}

const Sentence = ({ expectation, isTickable }: { expectation: ConfiguredExpectation; isTickable: boolean }) => {
  const { id, sentence, tags } = expectation
  const says = (
    <span>
      {sentence} <Tags tags={tags} />
    </span>
  )
  if (!isTickable) return says
  return (
    <label class="tick">
      <input type="checkbox" name="expectation" value={id} /> {says}
    </label>
  )
}

const ExpectationActs = ({ id, isPaused, what }: { id: number; isPaused: boolean; what: string }) => {
  const which = <span class="vh"> {what}</span>
  return (
    <td class="acts full">
      <a href={`${expectationPath(id)}/edit`}>
        Edit
        {which}
      </a>{' '}
      <button class="link" type="submit" name={isPaused ? 'resume' : 'pause'} value={id}>
        {isPaused ? 'Resume' : 'Pause'}
        {which}
      </button>{' '}
      <a href={`${expectationPath(id)}/delete`}>
        Delete
        {which}
      </a>
    </td>
  )
}
