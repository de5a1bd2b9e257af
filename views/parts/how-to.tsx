import { keysPath } from '../addresses.ts'
import type { EventPage, Frame } from '../models.ts'
import { snippetsFor } from '../snippets.ts'
import { Snippet } from './copy.tsx'

type Props = Pick<EventPage, 'event' | 'baseUrl' | 'frame'>

/** How to affirm an event, ready to paste. An accordion without a script. */
export const HowTo = ({ event: { name, eventKey }, baseUrl, frame: { asksForKeys, may } }: Props) => (
  <section class="part-of how" aria-labelledby="how">
    <h2 id="how">How to affirm it</h2>
    {asksForKeys && <KeyNeeded may={may} />}
    {snippetsFor({ baseUrl, eventKey, name, asksForKeys }).map(({ title, what, text }, i) => (
      <details name="how" open={i === 0}>
        <summary>{title}</summary>
        <Snippet text={text} what={what} />
      </details>
    ))}
  </section>
)

const KeyNeeded = ({ may }: Pick<Frame, 'may'>) => (
  <p class="small soft">
    <code>AFFIRMATIVE_API_KEY</code>, which our clients read, holds an{' '}
    {may.includes('admin') ? <a href={keysPath}>API key</a> : 'API key, made by an admin,'} with the scope affirm; in a crontab,
    set it in a line above.
  </p>
)
