import { newExpectationPath, withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { EventRow, Moment, EventsPage as Page } from '../models.ts'
import { StateMark } from '../parts/glyph.tsx'
import { EventKey, EventLink, Tags } from '../parts/name.tsx'
import { Register } from '../parts/register.tsx'
import { Last } from '../parts/when.tsx'
import { counted } from '../words.ts'

/** `GET /events`, and with 422 the answer to registering. */
export const EventsPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title="Events" here="events">
    <div class="title">
      <h1>Events</h1>
    </div>
    <div class="cols">
      <div>
        <section aria-label="All events">
          <Search filter={page.filter} />
          <Table page={page} />
        </section>
      </div>
      <Register register={page.register} />
    </div>
  </Layout>
)

const Search = ({ filter: { q, isUnexpectedOnly } }: Pick<Page, 'filter'>) => (
  <search>
    <form class="line sift" method="get" action="/events">
      <label class="vh" for="q">
        Name or key
      </label>
      <input
        id="q"
        class="grow"
        name="q"
        type="search"
        value={q}
        placeholder="Name or key"
        autocomplete="off"
        spellcheck={false}
      />
      <label class="tick">
        <input type="checkbox" name="without" value="1" checked={isUnexpectedOnly} /> without an expectation
      </label>
      <button class="btn" type="submit">
        Filter
      </button>
    </form>
  </search>
)

const Table = ({ page: { items, filter, next, frame } }: { page: Page }) => {
  if (items.length === 0)
    return <p class="nothing">No event {filter.q === '' && !filter.isUnexpectedOnly ? 'yet' : 'matches'}.</p>
  return (
    <>
      <table class="data events">
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">State</th>
            <th scope="col">Expectations</th>
            <th scope="col">Last affirmation</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <Row row={row} moment={frame.moment} />
          ))}
        </tbody>
      </table>
      {next !== null && (
        <p class="more">
          <a class="btn" href={withQuery('/events', { q: filter.q, without: filter.isUnexpectedOnly ? 1 : '', cursor: next })}>
            More events
          </a>
        </p>
      )}
    </>
  )
}

const Row = ({ row, moment }: { row: EventRow; moment: Moment }) => (
  <tr class={row.expectations === 0 ? 'lonely' : undefined}>
    <td class="full">
      <EventLink event={row.name} /> <EventKey eventKey={row.eventKey} /> <Tags tags={row.tags} />
      {row.description !== '' && (
        <span class="soft small about" title={row.description}>
          {row.description}
        </span>
      )}
    </td>
    <td>{row.state === null ? <span class="soft">–</span> : <StateMark state={row.state} />}</td>
    <td>
      {row.expectations === 0 ? (
        <a href={newExpectationPath(row.name)}>
          none yet: expect it<span class="vh">, {row.name}</span>
        </a>
      ) : (
        <span class="nw">{counted(row.expectations, 'expectation')}</span>
      )}
    </td>
    <td>
      <Last last={row.last} moment={moment} />
    </td>
  </tr>
)
