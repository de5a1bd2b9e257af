import type { EventPage } from '../models.ts'
import { snippetsFor } from '../snippets.ts'
import { Snippet } from './copy.tsx'

type Props = Pick<EventPage, 'event' | 'baseUrl'>

/** How to affirm an event, ready to paste. An accordion without a script. */
export const HowTo = ({ event: { name, eventKey }, baseUrl }: Props) => (
  <section class="part-of how" aria-labelledby="how">
    <h2 id="how">How to affirm it</h2>
    {snippetsFor({ baseUrl, eventKey, name }).map(({ title, what, text }, i) => (
      <details name="how" open={i === 0}>
        <summary>{title}</summary>
        <Snippet text={text} what={what} />
      </details>
    ))}
  </section>
)
