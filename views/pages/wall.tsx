import { wallPath } from '../addresses.ts'
import { Bare } from '../layout.tsx'
import { liveAttributes } from '../live.ts'
import type { BoardRow, Moment, BoardPage as Page } from '../models.ts'
import { Answer } from '../parts/answer.tsx'
import { Ear } from '../parts/ear.tsx'
import { Freshness } from '../parts/foot.tsx'
import { Seal } from '../parts/glyph.tsx'
import { Breakable } from '../parts/name.tsx'
import { UnderMark } from '../parts/under.tsx'
import { Why } from '../parts/why.tsx'
import { TROUBLE } from '../states.ts'
import { grouped } from '../words.ts'

/** So many can be read from afar on one screen, without scrolling. */
const MOST = 6

/** `GET /?wall`, perhaps with a filter: the answer and what is not as expected, large enough for five metres. Nothing to press. */
export const WallPage = ({ page }: { page: Page }) => {
  const { filter, matching, nextDue, trouble, defaultEnv } = page
  // On this screen the filter is all there is: what it leaves out is another screen's.
  const frame = { ...page.frame, counts: matching }
  const shown = TROUBLE.filter((state) => filter.state === '' || filter.state === state)
  return (
    <Bare frame={frame} title="Wall" look="wall">
      <main id="main">
        <Ear />
        <div {...liveAttributes({ url: wallPath(filter), id: 'wall', others: [], hasNav: false })}>
          <Answer frame={frame} nextDue={nextDue} filter={filter} />
          <Trouble rows={trouble.slice(0, MOST)} moment={frame.moment} defaultEnv={defaultEnv} />
          <More hidden={shown.reduce((sum, state) => sum + matching[state], 0) - Math.min(MOST, trouble.length)} />
        </div>
      </main>
      <footer class="foot">
        <Freshness frame={frame} />
        <Showing filter={filter} />
      </footer>
    </Bare>
  )
}

const Trouble = ({ rows, moment, defaultEnv }: { rows: readonly BoardRow[]; moment: Moment; defaultEnv: string }) => (
  <ol class="big-list" aria-label="Not as expected">
    {rows.map((row) => (
      <li id={`expectation-${row.id}`} class={row.state}>
        <span class={`state ${row.state}`}>
          <Seal of={row.state} /> {row.state}
        </span>
        <div>
          <p class="name">
            <Breakable text={row.event} /> {row.env !== defaultEnv && <span class="tag env">{row.env}</span>}{' '}
            <UnderMark under={row.under} moment={moment} />
          </p>
          <p class="why-c">
            <Why expectation={row} moment={moment} />
          </p>
        </div>
      </li>
    ))}
  </ol>
)

const More = ({ hidden }: { hidden: number }) => (hidden > 0 ? <p class="and-more">and {grouped(hidden)} more</p> : null)

/** What this screen is filtered by, and the way back. */
const Showing = ({ filter }: Pick<Page, 'filter'>) => (
  <p>
    {Object.entries(filter)
      .filter(([, wanted]) => wanted !== '')
      .map(([name, wanted]) => (
        <>
          <span class="tag">
            {name}: {wanted}
          </span>{' '}
        </>
      ))}
    <a href="/">To the board</a>
  </p>
)
