import { eventPath, withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import { liveAttributes } from '../live.ts'
import type { EventPage as Page } from '../models.ts'
import { Affirmations } from '../parts/affirmations.tsx'
import { Chart } from '../parts/chart.tsx'
import { EventEdit } from '../parts/event-edit.tsx'
import { EventHead } from '../parts/event-head.tsx'
import { Expectations } from '../parts/expectations.tsx'
import { HowTo } from '../parts/how-to.tsx'
import { Places } from '../parts/places.tsx'
import { SignOff } from '../parts/sign-off.tsx'
import { Verdicts } from '../parts/verdicts.tsx'

/** Events with this tag are for people: the form to sign off comes first. */
const PERSON = 'person'

/** `GET /events/:event`, and with 422 the answer to its forms. Its live pieces fetch the same address. */
export const EventPage = ({ page }: { page: Page }) => {
  const { frame, event, affirmations } = page
  const { moment } = frame
  const url = withQuery(eventPath(event.name), {
    ...affirmations.filter,
    cursor: affirmations.cursor ?? '',
    span: page.chart.span,
    of: page.chart.expectation?.id ?? '',
  })
  const live = liveAttributes({ url, id: 'expectations', others: ['event-state', 'chart', 'verdicts', 'affirmations'] })
  const isForPeople = event.tags.includes(PERSON)
  const maySign = frame.may.includes('sign')
  return (
    <Layout frame={frame} title={event.name} here="events" isLive>
      <EventHead {...page} />
      <Chart event={event.name} chart={page.chart} moment={moment} />
      <div class="cols">
        <div>
          <Expectations {...page} live={live} />
          <Verdicts verdicts={page.verdicts} expectations={page.expectations} moment={moment} />
          <Affirmations {...page} moment={moment} />
        </div>
        <div>
          {maySign && isForPeople && <SignOff {...page} />}
          <HowTo {...page} />
          <Places places={page.places} moment={moment} />
          {maySign && !isForPeople && <SignOff {...page} />}
          {frame.may.includes('write') && <EventEdit {...page} />}
        </div>
      </div>
    </Layout>
  )
}
