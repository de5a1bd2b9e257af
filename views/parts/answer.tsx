import type { State } from '../../src/domain/expectation.ts'
import { withQuery } from '../addresses.ts'
import type { BoardPage, Counts } from '../models.ts'
import { worstOf } from '../states.ts'
import { clock, counted, grouped, inFull, leadingZone } from '../words.ts'
import { Seal } from './glyph.tsx'
import { Relative } from './when.tsx'

const NOTHING: Counts = { missed: 0, late: 0, unknown: 0, waiting: 0, met: 0, paused: 0 }

/** How the states are told, the best of the calm ones before those that say less. */
const TOLD: readonly State[] = ['missed', 'late', 'met', 'unknown', 'waiting', 'paused']

/** `filter`: what the counts are filtered by already, where they are. */
type Props = Pick<BoardPage, 'frame' | 'nextDue'> & Partial<Pick<BoardPage, 'filter'>>

/** The answer to "did it get done?": one seal, one line, each count a filter. Only the line is announced when it changes. */
export const Answer = ({ frame, nextDue, filter }: Props) => {
  const counts = frame.counts ?? NOTHING
  const worst = worstOf(counts)
  return (
    <section class={`answer ${worst ?? 'unknown'}`} id="answer" aria-label="Now">
      <Seal of={worst ?? 'unknown'} />
      <div>
        <h1 aria-live="polite" aria-atomic="true">
          {worst === null ? (
            `Nothing is expected ${filter === undefined ? 'yet' : 'here'}.`
          ) : (
            <CountLine counts={counts} filter={filter ?? {}} />
          )}
        </h1>
        <p>
          {worst === null ? <Nothing isFiltered={filter !== undefined} /> : <Checked frame={frame} nextDue={nextDue} />}
          <Printed frame={frame} />
        </p>
      </div>
    </section>
  )
}

/** "2 missed · 1 late · 41 met · 1 unknown". */
const CountLine = ({ counts, filter }: { counts: Counts; filter: Readonly<Record<string, string>> }) => {
  const told = TOLD.filter((state) => counts[state] > 0)
  return (
    <>
      {told.map((state, i) => (
        <>
          <span class={state === 'missed' || told.length === 1 ? 'nw' : 'nw rest'}>
            <a class={state} href={withQuery('/', { ...filter, state })}>
              {grouped(counts[state])} {state}
            </a>
            {i < told.length - 1 && <span class="rest"> ·</span>}
          </span>{' '}
        </>
      ))}
    </>
  )
}

const Nothing = ({ isFiltered }: { isFiltered: boolean }) => (
  <>
    {isFiltered
      ? 'No expectation matches.'
      : 'So nothing can be missed. Three commands change that; they work as they stand, against this server.'}
  </>
)

/** A sheet of paper lies around for days: it says of when it is, and whose. */
const Printed = ({ frame: { moment, who } }: Pick<BoardPage, 'frame'>) => (
  <span class="printed">
    {' '}
    As of {inFull(moment.now, moment)}
    {who === null ? '' : `, printed by ${who}`}.
  </span>
)

/** The words that change stand last, or have room: nothing beside them moves. */
const Checked = ({ frame: { judgedAt, moment }, nextDue }: Pick<BoardPage, 'frame' | 'nextDue'>) => (
  <>
    {judgedAt === null ? (
      'Not checked yet.'
    ) : (
      <span class="checked">
        Checked <Relative at={judgedAt} moment={moment} />
      </span>
    )}{' '}
    {nextDue !== null && (
      <span class="nw">
        Next due: {counted(nextDue.expectations, 'expectation')} at {clock(nextDue.at, moment)} {leadingZone(moment)},{' '}
        <Relative at={nextDue.at} moment={moment} />
      </span>
    )}
  </>
)
