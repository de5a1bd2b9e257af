import { eventPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { DeleteEventPage as Page } from '../models.events.ts'
import { TextField } from '../parts/field.tsx'
import { Breakable, EventLink } from '../parts/name.tsx'
import { counted } from '../words.ts'

/** `GET /events/:event/delete`: asks for the name before `POST /events/:event/delete`. */
export const DeleteEventPage = ({ page: { frame, event, form } }: { page: Page }) => (
  <Layout frame={frame} title="Delete an event" here="events">
    <div class="narrow-page">
      <div class="title">
        <p class="small soft">
          <a href="/events">Events</a> / <a href={eventPath(event.name)}>{event.name}</a> / delete
        </p>
        <h1 class="quiet">
          Delete <EventLink event={event.name} /> with all it holds?
        </h1>
      </div>
      <p>
        Its affirmations go, and {counted(event.expectations, 'expectation')} with all verdicts, for good. Whoever affirms this
        name later registers it anew, with another key.
      </p>
      <form class="stack" method="post" action={`${eventPath(event.name)}/delete`} novalidate>
        <p>
          To go on, type its name:{' '}
          <code>
            <Breakable text={event.name} />
          </code>
        </p>
        <TextField form={form} name="confirm" label="Name of the event" class="mono" />
        <p class="line">
          <button class="btn bad" type="submit">
            Delete it with all it holds
          </button>
          <a href={eventPath(event.name)}>Keep it</a>
        </p>
      </form>
    </div>
  </Layout>
)
