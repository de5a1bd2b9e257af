import type { State } from '../../src/domain/expectation.ts'
import type { BoardPage, Counts } from '../models.ts'
import { worstOf } from '../states.ts'
import { clock, counted, grouped } from '../words.ts'
import { Seal } from './glyph.tsx'
import { Relative } from './when.tsx'

const NOTHING: Counts = { missed: 0, late: 0, unknown: 0, waiting: 0, met: 0, paused: 0 }

/** How the states are told, the best of the calm ones before those that say less. */
const TOLD: readonly State[] = ['missed', 'late', 'met', 'unknown', 'waiting', 'paused']

/** The answer to "did it get done?": one seal, one line, each count a filter. Only the line is announced when it changes. */
export const Answer = ({ frame, nextDue }: Pick<BoardPage, 'frame' | 'nextDue'>) => {
  const counts = frame.counts ?? NOTHING
  const worst = worstOf(counts)
  return (
    <section class={`answer ${worst ?? 'unknown'}`} id="answer" aria-label="Now">
      <Seal of={worst ?? 'unknown'} />
      <div>
        <h1 aria-live="polite" aria-atomic="true">
          {worst === null ? 'Nothing is expected yet.' : <CountLine counts={counts} />}
        </h1>
        <p>
          {worst === null ? (
            'So nothing can be missed. Three commands change that; they work as they stand, against this server.'
          ) : (
            <Checked frame={frame} nextDue={nextDue} />
          )}
        </p>
      </div>
    </section>
  )
}

/** "2 missed · 1 late · 41 met · 1 unknown". */
const CountLine = ({ counts }: { counts: Counts }) => {
  const told = TOLD.filter((state) => counts[state] > 0)
  return (
    <>
      {told.map((state, i) => (
        <>
          <span class={state === 'missed' || told.length === 1 ? 'nw' : 'nw rest'}>
            <a class={state} href={`/?state=${state}`}>
              {grouped(counts[state])} {state}
            </a>
            {i < told.length - 1 && <span class="rest"> ·</span>}
          </span>{' '}
        </>
      ))}
    </>
  )
}

const Checked = ({ frame: { judgedAt, moment }, nextDue }: Pick<BoardPage, 'frame' | 'nextDue'>) => (
  <>
    {judgedAt === null ? (
      'Not checked yet.'
    ) : (
      <>
        Checked <Relative at={judgedAt} moment={moment} />.
      </>
    )}
    {nextDue !== null && (
      <>
        {' '}
        Next due <Relative at={nextDue.at} moment={moment} />: {counted(nextDue.expectations, 'expectation')} at{' '}
        {clock(nextDue.at)} UTC.
      </>
    )}
  </>
)
