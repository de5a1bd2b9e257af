import { newExpectationPath } from '../addresses.ts'
import type { BoardPage, Frame, UnexpectedEvent } from '../models.ts'
import { counted, grouped } from '../words.ts'
import { Breakable, EventKey, EventLink } from './name.tsx'
import { Last } from './when.tsx'

type Props = Pick<BoardPage, 'unexpected' | 'frame'>

/** Events that affirm although nobody expects them: new ones, and names written wrongly somewhere. Stands there empty, for live updates. */
export const Unexpected = ({ unexpected, frame }: Props) => (
  <section class="unexpected" id="unexpected" aria-label="No expectation yet">
    {unexpected.total > 0 && <UnexpectedList unexpected={unexpected} frame={frame} />}
  </section>
)

const UnexpectedList = ({ unexpected: { items, total }, frame }: Props) => (
  <>
    <div class="head">
      <h2>
        No expectation yet <span class="soft">{grouped(total)}</span>
      </h2>
      <p class="small soft">They affirm, but nobody would notice their silence.</p>
    </div>
    <ul class="list">
      {items.map((item) => (
        <UnexpectedLine item={item} frame={frame} />
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

type LineProps = { item: UnexpectedEvent; frame: Frame }

const UnexpectedLine = ({ item: { event, eventKey, last, nearest }, frame }: LineProps) => (
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
      <Last last={last} moment={frame.moment} />
    </span>
    {frame.may.includes('write') && (
      <a class="btn" href={newExpectationPath(event)}>
        Expect it<span class="vh">: {event}</span>
      </a>
    )}
  </li>
)
