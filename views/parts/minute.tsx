import { iso, MINUTE, type Millis } from '../../src/domain/time.ts'
import type { Moment } from '../models.ts'
import { inFull, shortly } from '../words.ts'

/** "07:00" today, "3 Mar 07:00" else: to the minute, for what is known two seconds after it was due. */
export const Minute = ({ at, moment }: { at: Millis; moment: Moment }) => (
  <time datetime={iso(at)} title={inFull(at, moment)}>
    {shortly(at - (at % MINUTE), moment)}
  </time>
)
