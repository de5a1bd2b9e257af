import { iso, type Millis } from '../../src/domain/time.ts'
import type { LastSeen, Moment } from '../models.ts'
import { inFull, relative, shortly, spanInWords } from '../words.ts'

type Props = { at: Millis; moment: Moment }

/** "12 s ago", "in 48 s". The script keeps it true while the page stands open. */
export const Relative = ({ at, moment }: Props) => (
  <time datetime={iso(at)} title={inFull(at, moment)} data-says="relative">
    {relative(at, moment.now)}
  </time>
)

/** How long since then: "2 h 14 min". */
export const Since = ({ at, moment }: Props) => (
  <time datetime={iso(at)} title={inFull(at, moment)} data-says="span">
    {spanInWords(Math.max(0, moment.now - at))}
  </time>
)

/** "09:14" today, "3 Mar 09:14" else, in the zone that leads. */
export const Clock = ({ at, moment }: Props) => (
  <time datetime={iso(at)} title={inFull(at, moment)}>
    {shortly(at, moment)}
  </time>
)

/** "3 min ago by web-1". */
export const Last = ({ last, moment }: { last: LastSeen | null; moment: Moment }) =>
  last === null ? (
    <span class="soft">never</span>
  ) : (
    <>
      <Relative at={last.at} moment={moment} /> <span title={last.source}>by {last.source}</span>
    </>
  )
