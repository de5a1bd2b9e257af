import { newExpectationPath } from '../addresses.ts'
import type { BoardPage, Moment, UnexpectedEvent } from '../models.ts'
import { counted, grouped } from '../words.ts'
import { Breakable, EventKey, EventLink } from './name.tsx'
import { Last } from './when.tsx'

type Props = Pick<BoardPage, 'unexpected'> & { moment: Moment }

/** Events that affirm although nobody expects them: new ones, and names written wrongly somewhere. Stands there empty, for live updates. */
export const Unexpected = ({ unexpected, moment }: Props) => (
  <section class="unexpected" id="unexpected" aria-label="No expectation yet">
    {unexpected.total > 0 && <UnexpectedList unexpected={unexpected} moment={moment} />}
  </section>
)

const UnexpectedList = ({ unexpected: { items, total }, moment }: Props) => (
  <>
    <div class="head">
      <h2>
        No expectation yet <span class="soft">{grouped(total)}</span>
      </h2>
      <p class="small soft">They affirm, but nobody would notice their silence.</p>
    </div>
    <ul class="list">
      {items.map((item) => (
        <UnexpectedLine item={item} moment={moment} />
      ))}
    </ul>
    {total > items.length && (
      <p class="more">
        <a class="btn" href="/events?without=1">
          {counted(total - items.length, 'more event')} without an expectation
        </a>
      </p>
    )}
  </>
)

const UnexpectedLine = ({ item: { event, eventKey, last, nearest }, moment }: { item: UnexpectedEvent; moment: Moment }) => (
  <li class="line" id={`unexpected-${eventKey}`}>
    <span class="grow">
      <EventLink event={event} /> <EventKey eventKey={eventKey} />
      {nearest !== null && (
        <span class="small late typo">
          {' '}
          Written wrongly? There is{' '}
          <code>
            <Breakable text={nearest} />
          </code>
          .
        </span>
      )}
    </span>
    <span class="small last">
      <Last last={last} moment={moment} />
    </span>
    <a class="btn" href={newExpectationPath(event)}>
      Expect it<span class="vh">: {event}</span>
    </a>
  </li>
)
