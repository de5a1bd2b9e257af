import type { State } from '../../src/domain/expectation.ts'
import { maintenancePath, withQuery } from '../addresses.ts'
import type { EventPage } from '../models.ts'
import { CALM, TROUBLE } from '../states.ts'
import { StateMark } from './glyph.tsx'
import { Breakable, EventKey } from './name.tsx'
import { Relative } from './when.tsx'

type Props = Pick<EventPage, 'event' | 'expectations' | 'frame'>

const worst = (expectations: EventPage['expectations']): State | undefined =>
  [...TROUBLE, ...CALM].find((state) => expectations.some((expectation) => expectation.state === state))

/** What it is called, what it is for, how it stands. */
export const EventHead = ({ event, expectations, frame }: Props) => {
  const state = worst(expectations)
  return (
    <div class="title">
      <p class="small soft">
        <a href="/events">Events</a>
      </p>
      <h1 class="name">
        <Breakable text={event.name} />
      </h1>
      <p class="line">
        <span id="event-state">
          {state === undefined ? <span class="soft">no expectation yet</span> : <StateMark state={state} />}
        </span>
        <EventKey eventKey={event.eventKey} />
        {event.tags.map((tag) => (
          <span class="tag">{tag}</span>
        ))}
        {frame.may.includes('write') && (
          <>
            <a class="small" href="#edit">
              Edit
            </a>
            <a class="small" href={`${withQuery(maintenancePath, { event: event.name, for: '1h' })}#plan`}>
              Plan maintenance
            </a>
          </>
        )}
        <span class="small soft">
          known since <Relative at={event.createdAt} moment={frame.moment} />
        </span>
      </p>
      {event.description !== '' && <p class="said">{event.description}</p>}
    </div>
  )
}
