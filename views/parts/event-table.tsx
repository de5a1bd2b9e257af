import type { Child } from 'hono/jsx'
import { withQuery } from '../addresses.ts'
import type { EventSort, EventsFilter, EventsPage as Page } from '../models.events.ts'
import { counted, grouped } from '../words.ts'
import { EventRows } from './event-row.tsx'

/** How many events a part has. */
export const EVENTS_A_PAGE = 50

/** The address of the table as it is filtered and sorted; what is as it always is stays out of it. */
export const tablePath = ({ q, tag, state, isUnexpectedOnly, sort, isDown }: EventsFilter, page = 1, path = '/events'): string =>
  withQuery(path, {
    ...{ q, tag, state },
    without: isUnexpectedOnly ? 1 : '',
    sort: sort === 'event' ? '' : sort,
    dir: isDown ? 'desc' : '',
    page: page === 1 ? '' : page,
  })

/** Every event with its expectations, each with what may be done to it. */
export const EventTable = ({ page }: { page: Page }) => {
  const { items, frame, filter } = page
  const mayWrite = frame.may.includes('write')
  const table = (
    <table class="data events">
      <caption class="vh">Events and what is expected of them</caption>
      <thead>
        <tr>
          <SortHead filter={filter} by="event">
            Event and what is expected
          </SortHead>
          <SortHead filter={filter} by="state">
            State
          </SortHead>
          <th scope="col">Env</th>
          <SortHead filter={filter} by="due">
            Next due
          </SortHead>
          <th scope="col">Last affirmation</th>
          {mayWrite && <td />}
        </tr>
      </thead>
      {items.map((row) => (
        <EventRows row={row} moment={frame.moment} mayWrite={mayWrite} />
      ))}
    </table>
  )
  return mayWrite ? <Several page={page}>{table}</Several> : table
}

/** One form around the table: buttons of a row act on it, those above on all that are ticked. */
const Several = ({ page: { items, filter, page }, children }: { page: Page; children?: Child }) => (
  <form method="post" action="/expectations">
    <input type="hidden" name="back" value={tablePath(filter, page)} />
    {items.some(({ expectations }) => expectations.length > 0) && (
      <p class="line small more">
        <span class="soft">Those that are ticked:</span>
        <button class="btn" type="submit" name="do" value="pause">
          Pause these
        </button>
        <button class="btn" type="submit" name="do" value="resume">
          Resume these
        </button>
      </p>
    )}
    {children}
  </form>
)

/** A heading that sorts; once more, it turns the order around. */
const SortHead = ({ filter, by, children }: { filter: EventsFilter; by: EventSort; children?: Child }) => {
  const isSorted = filter.sort === by
  const isDown = isSorted && !filter.isDown
  return (
    <th scope="col" aria-sort={isSorted ? (filter.isDown ? 'descending' : 'ascending') : undefined}>
      <a href={tablePath({ ...filter, sort: by, isDown })}>{children}</a>
      {isSorted && <span aria-hidden="true"> {filter.isDown ? '↓' : '↑'}</span>}
    </th>
  )
}

/** Where in the table this is, and the way to the parts beside. */
export const EventParts = ({ page: { filter, page, total, items } }: { page: Page }) => {
  const from = (page - 1) * EVENTS_A_PAGE
  return (
    <nav class="line small export" aria-label="Parts of the table">
      <span class="soft">
        {items.length === 0 ? 'None here' : `${grouped(from + 1)} to ${grouped(from + items.length)}`} of{' '}
        {counted(total, 'event')}
      </span>
      {page > 1 && (
        <a class="btn" href={tablePath(filter, page - 1)}>
          Back
        </a>
      )}
      {from + items.length < total && items.length > 0 && (
        <a class="btn" href={tablePath(filter, page + 1)}>
          More events
        </a>
      )}
    </nav>
  )
}
