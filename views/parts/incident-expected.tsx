import { eventPath, incidentPath } from '../addresses.ts'
import type { IncidentPage } from '../models.incidents.ts'
import { day } from '../words.ts'
import { EventKey } from './name.tsx'
import { Strip } from './strip.tsx'

type Props = { page: IncidentPage }

/** What it was judged by, and how it went before. A live piece. */
export const IncidentExpected = ({ page }: Props) => {
  const { expected, frame } = page
  return (
    <section class="part-of" id="expected" aria-labelledby="expected-h">
      <h2 id="expected-h">What was expected</h2>
      {expected === null ? (
        <p>The expectation was deleted, so nobody can tell any more.</p>
      ) : (
        <div class="stack list">
          <p>{expected.opened.sentence}</p>
          {expected.isEdited && <p class="soft small">It was edited since. Now: {expected.sentence}</p>}
          {expected.description !== '' && <p class="said">{expected.description}</p>}
          <div class="strip-c">
            <Strip expectation={expected} href={`${eventPath(expected.event)}#verdicts`} moment={frame.moment} />
          </div>
          <Facts page={page} />
        </div>
      )}
    </section>
  )
}

const Facts = ({ page: { expected, before, frame } }: Props) => (
  <dl class="facts">
    <dt class="soft">Schedule</dt>
    <dd>
      <code>{expected?.opened.schedule}</code>, {expected?.opened.timeZone}
    </dd>
    <dt class="soft">Environment</dt>
    <dd>{expected?.env}</dd>
    <dt class="soft">Severity</dt>
    <dd>{expected?.severity}</dd>
    <dt class="soft">Event</dt>
    <dd>
      <EventKey eventKey={expected?.eventKey ?? ''} />
    </dd>
    <dt class="soft">Before this</dt>
    <dd>
      {metBefore(before)};{' '}
      {before.previous === null ? (
        'no incident before'
      ) : (
        <>
          last incident <a href={incidentPath(before.previous.id)}>{before.previous.id}</a>,{' '}
          {day(before.previous.openedAt, frame.moment)}
        </>
      )}
    </dd>
  </dl>
)

/** "met 10 times in a row". */
function metBefore({ met, isMore }: IncidentPage['before']): string {
  if (met === 0) return 'not met'
  if (met === 1) return 'met once'
  return `met ${isMore ? 'at least ' : ''}${met} times in a row`
}
