import { withQuery } from '../addresses.ts'
import type { BoardPage as Page } from '../models.ts'
import { CALM } from '../states.ts'
import { grouped } from '../words.ts'

/** How many rows a part of a long list has, and how many the server is asked for: a hundred would take half as long again to open. */
export const PART = 50

/** The piece that holds a part, and the one that leads to the next. */
export const partId = (from: number): string => (from === 0 ? 'board' : `part-${from}`)
export const moreId = (from: number): string => `more-${from + PART}`

const totalOf = ({ filter, matching }: Page): number =>
  filter.state === '' ? CALM.reduce((sum, state) => sum + matching[state], 0) : matching[filter.state]

/**
 * Leads to the next part: a page of its own, or with htmx more rows in place of the link. It stands there even when there is no more, so
 * that a live update can bring it.
 */
export const BoardMore = ({ page }: { page: Page }) => {
  const next = page.from + PART
  const total = totalOf(page)
  const url = withQuery('/', { ...page.filter, from: next })
  return (
    <nav id={moreId(page.from)} class="more" aria-label="More expectations">
      {total > next && (
        <a
          class="btn"
          href={url}
          hx-get={url}
          hx-target={`#${moreId(page.from)}`}
          hx-select={`#${partId(next)},#${moreId(next)}`}
          hx-swap="outerHTML ignoreTitle:true"
        >
          {grouped(next + 1)} to {grouped(Math.min(next + PART, total))} of {grouped(total)}
        </a>
      )}
    </nav>
  )
}
