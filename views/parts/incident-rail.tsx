import type { Child } from 'hono/jsx'
import type { Millis } from '../../src/domain/time.ts'
import type { Happening } from '../../src/domain/timeline.ts'
import type { IncidentPage } from '../models.incidents.ts'
import type { Moment } from '../models.ts'
import { shortly, spanInWords } from '../words.ts'
import { Glyph } from './glyph.tsx'
import { isMark, lookOf, Telling } from './incident-marks.tsx'
import { Minute } from './minute.tsx'
import { Relative } from './when.tsx'

type Props = { page: IncidentPage }

/** All that happened, oldest first, and what comes next. */
export const IncidentRail = ({ page }: Props) => (
  <ol class="rail">
    {page.happenings.map((happening) => (
      <Mark happening={happening} page={page} />
    ))}
    {page.closedAt === null && page.expected !== null && <Next page={page} />}
  </ol>
)

const Mark = ({ happening, page }: Props & { happening: Happening }) => {
  const { frame, openedAt } = page
  const look = lookOf(happening)
  const after = happening.at - openedAt
  return (
    <li class={look}>
      <At at={happening.at} moment={frame.moment}>
        {after > 0 && `${spanInWords(after)} later`}
      </At>
      <span class="seal">{isMark(look) && <Glyph of={look} />}</span>
      <div>
        <Telling happening={happening} page={page} />
      </div>
    </li>
  )
}

type AtProps = { at: Millis; moment: Moment; children?: Child }

const At = ({ at, moment, children }: AtProps) => (
  <p class="small soft">
    <Minute at={at} moment={moment} /> <span>{children}</span>
  </p>
)

const Next = ({ page: { expected, frame } }: Props) => {
  if (expected === null) return null
  const { state, nextDue, checkAt } = expected
  const { moment } = frame
  if (state === 'paused' || nextDue === null)
    return (
      <Ahead title={state === 'paused' ? 'Paused' : 'Never due again'}>
        {state === 'paused' ? 'Nothing is judged until it is resumed, so it stays open.' : 'Only late news can close it.'}
      </Ahead>
    )
  const isInGrace = checkAt !== null && checkAt > nextDue
  return (
    <Ahead title={isInGrace ? 'Due, in its grace' : 'Next due'} at={checkAt ?? nextDue} moment={moment}>
      {isInGrace && `It was due at ${shortly(nextDue, moment)}. `}
      If that is met, the incident closes.
    </Ahead>
  )
}

const Ahead = ({ title, at, moment, children }: { title: string; at?: Millis; moment?: Moment; children?: Child }) => (
  <li class="waiting">
    {at === undefined || moment === undefined ? (
      <p />
    ) : (
      <At at={at} moment={moment}>
        <Relative at={at} moment={moment} />
      </At>
    )}
    <span class="seal" />
    <div>
      <h3>{title}</h3>
      <p class="soft">{children}</p>
    </div>
  </li>
)
