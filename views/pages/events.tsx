import { STATES } from '../../src/domain/expectation.ts'
import { Layout } from '../layout.tsx'
import { EVENT_SORTS, type EventSort, type EventsPage as Page } from '../models.events.ts'
import { EventParts, EventTable, tablePath } from '../parts/event-table.tsx'
import { Options, plainly } from '../parts/field.tsx'
import { Glyph } from '../parts/glyph.tsx'
import { Register } from '../parts/register.tsx'

/** `GET /events`, and with 422 the answer to registering and to what is done with several. */
export const EventsPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title="Events" here="events">
    <div class="title">
      <h1>Events</h1>
    </div>
    <div class="page">
      {page.frame.may.includes('write') && <Register register={page.register} isFirst={page.total === 0 && !isFiltered(page)} />}
      <section aria-label="All events">
        <Search page={page} />
        {page.mistake !== null && (
          <p class="wrong" role="alert">
            <Glyph of="missed" /> <span>{page.mistake}</span>
          </p>
        )}
        {page.items.length === 0 ? <Nothing page={page} /> : <EventTable page={page} />}
        <EventParts page={page} />
        {page.total > 0 && <Export page={page} />}
      </section>
    </div>
  </Layout>
)

const SAYS: Record<EventSort, string> = {
  event: 'by name',
  registered: 'by when registered',
  expectations: 'by how many expectations',
  state: 'by state',
  due: 'by next due',
}

const Search = ({ page: { filter, tags } }: { page: Page }) => (
  <search>
    <form class="line sift" method="get" action="/events">
      <label class="vh" for="q">
        Name, key or description
      </label>
      <input
        id="q"
        class="grow"
        name="q"
        type="search"
        value={filter.q}
        placeholder="Name, key or description"
        autocomplete="off"
        spellcheck={false}
      />
      <Choice name="tag" label="Tag" chosen={filter.tag} choices={[{ value: '', says: 'any tag' }, ...plainly(tags)]} />
      <Choice name="state" label="State" chosen={filter.state} choices={[{ value: '', says: 'any state' }, ...plainly(STATES)]} />
      <Choice
        name="sort"
        label="Order"
        chosen={filter.sort}
        choices={EVENT_SORTS.map((sort) => ({ value: sort, says: SAYS[sort] }))}
      />
      {filter.isDown && <input type="hidden" name="dir" value="desc" />}
      <label class="tick">
        <input type="checkbox" name="without" value="1" checked={filter.isUnexpectedOnly} /> without an expectation
      </label>
      <button class="btn" type="submit">
        Filter
      </button>
    </form>
  </search>
)

type ChoiceProps = { name: string; label: string; chosen: string; choices: readonly { value: string; says: string }[] }

const Choice = ({ name, label, chosen, choices }: ChoiceProps) => (
  <>
    <label class="vh" for={name}>
      {label}
    </label>
    <select id={name} name={name} class="auto">
      <Options chosen={chosen} choices={choices} />
    </select>
  </>
)

const isFiltered = ({ filter: { q, tag, state, isUnexpectedOnly } }: Page): boolean =>
  q !== '' || tag !== '' || state !== '' || isUnexpectedOnly

const Nothing = ({ page }: { page: Page }) => {
  if (page.total > 0) return <p class="nothing">The table ends before this part.</p>
  if (isFiltered(page)) return <p class="nothing">No event matches.</p>
  return <p class="nothing">No event yet: register one here, or affirm one by its name.</p>
}

const Export = ({ page: { filter } }: { page: Page }) => (
  <p class="small line export">
    <span class="soft">The whole table as it is filtered:</span>
    <a href={tablePath(filter, 1, '/events.csv')} download>
      CSV
    </a>
    <a href={tablePath(filter, 1, '/events.json')} download>
      JSON
    </a>
  </p>
)
