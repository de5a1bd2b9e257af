import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import { liveAttributes } from '../live.ts'
import type { IncidentsPage as Page } from '../models.incidents.ts'
import { Options, plainly } from '../parts/field.tsx'
import { Seal } from '../parts/glyph.tsx'
import { IncidentTable } from '../parts/incident-table.tsx'
import { Relative } from '../parts/when.tsx'
import { grouped } from '../words.ts'

type Props = { page: Page }

/** `GET /incidents`: open ones first. A live piece fetches the same address. */
export const IncidentsPage = ({ page }: Props) => {
  const { frame, filter, cursor } = page
  const url = withQuery('/incidents', { ...filter, cursor: cursor ?? '' })
  return (
    <Layout frame={frame} title="Incidents" here="incidents" isLive>
      <Answer page={page} />
      <Filter page={page} />
      <div class="page" {...liveAttributes({ url, id: 'incidents', others: ['answer'] })}>
        <Lists page={page} />
      </div>
      <p class="small line export">
        Export what the filter shows:
        <a href={withQuery('/incidents/export.csv', filter)}>CSV</a>
        <a href={withQuery('/incidents/export.ndjson', filter)}>NDJSON</a>
      </p>
    </Layout>
  )
}

const Answer = ({ page: { frame, lastClosed } }: Props) => {
  const open = frame.openIncidents
  const look = open === null ? 'unknown' : open > 0 ? 'missed' : 'met'
  return (
    <section class={`answer ${look}`} id="answer" aria-label="Now">
      <Seal of={look} />
      <div>
        <h1>{open === null ? 'Incidents' : open === 0 ? 'Nothing is open' : `${grouped(open)} open`}</h1>
        <p>
          {open !== null && open > 0 && 'Each is closed by the next verdict that is met.'}
          {open === 0 && lastClosed === null && 'There has been none yet: the first missed verdict opens one.'}
          {open === 0 && lastClosed !== null && (
            <>
              The last incident closed <Relative at={lastClosed} moment={frame.moment} />.
            </>
          )}
        </p>
      </div>
    </section>
  )
}

const STATES = [
  { value: '', says: 'open and closed' },
  { value: 'true', says: 'open' },
  { value: 'false', says: 'closed' },
]

const Filter = ({ page: { filter, envs } }: Props) => (
  <search>
    <form class="pair sift" method="get" action="/incidents">
      <div class="field">
        <label for="q">Event</label>
        <input id="q" name="q" type="search" value={filter.q} placeholder="Name or key" autocomplete="off" spellcheck={false} />
      </div>
      <div class="field">
        <label for="env">Environment</label>
        <select id="env" name="env">
          <Options chosen={filter.env} choices={[{ value: '', says: 'any' }, ...plainly(envs)]} />
        </select>
      </div>
      <div class="field">
        <label for="open">State</label>
        <select id="open" name="open">
          <Options chosen={filter.open} choices={STATES} />
        </select>
      </div>
      <button class="btn" type="submit">
        Filter
      </button>
    </form>
  </search>
)

const isFiltered = ({ q, env }: Page['filter']): boolean => q !== '' || env !== ''

const Lists = ({ page }: Props) => {
  const { open, closed, filter, cursor } = page
  const isEmpty = (open?.items.length ?? 0) + (closed?.items.length ?? 0) === 0
  if (isEmpty && (isFiltered(filter) || filter.open !== ''))
    return (
      <p class="nothing">
        No incident matches. <a href="/incidents">Show all of them</a>
      </p>
    )
  return (
    <>
      {open !== null && open.items.length > 0 && (
        <section class="part-of" aria-labelledby="open-h">
          <h2 id="open-h">Open</h2>
          <IncidentTable page={page} items={open.items} />
          <More href={open.next && withQuery('/incidents', { ...filter, open: 'true', cursor: open.next })} what="open" />
        </section>
      )}
      {closed !== null && closed.items.length > 0 && (
        <section class="part-of" aria-labelledby="closed-h">
          <h2 id="closed-h">Closed</h2>
          <IncidentTable page={page} items={closed.items} />
          <More href={closed.next && withQuery('/incidents', { ...filter, cursor: closed.next })} what="older" />
        </section>
      )}
      {cursor !== null && (
        <p class="more">
          <a href={withQuery('/incidents', filter)}>To the first part</a>
        </p>
      )}
    </>
  )
}

const More = ({ href, what }: { href: string | null; what: string }) =>
  href === null ? null : (
    <p class="more">
      <a class="btn" href={href}>
        More {what} ones
      </a>
    </p>
  )
