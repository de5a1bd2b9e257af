import { eventPath, expectationPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { DeleteExpectationPage as Page } from '../models.ts'
import { StateMark } from '../parts/glyph.tsx'
import { EventLink } from '../parts/name.tsx'

/** `GET /expectations/:id/delete`: asks before `POST /expectations/:id/delete`. */
export const DeleteExpectationPage = ({ page: { frame, expectation } }: { page: Page }) => (
  <Layout frame={frame} title="Delete an expectation" here="events">
    <div class="narrow-page">
      <div class="title">
        <p class="small soft">
          <a href="/events">Events</a> / <a href={eventPath(expectation.event)}>{expectation.event}</a> / delete an expectation
        </p>
        <h1 class="quiet">
          No longer expect this of <EventLink event={expectation.event} />?
        </h1>
        <p class="says">{expectation.sentence}</p>
        <p class="line">
          <StateMark state={expectation.state} /> <span class="soft">in {expectation.env}</span>
        </p>
      </div>
      <p>
        Its verdicts go too, for good, and nobody is told any more. The event and its affirmations stay. To stop for a while,
        pause it.
      </p>
      <form class="line" method="post" action={`${expectationPath(expectation.id)}/delete`}>
        <button class="btn bad" type="submit">
          Delete the expectation
        </button>
        {expectation.state !== 'paused' && (
          <button class="btn" type="submit" formaction={`${expectationPath(expectation.id)}/pause`}>
            Pause it
          </button>
        )}
        <a href={eventPath(expectation.event)}>Keep it</a>
      </form>
    </div>
  </Layout>
)
