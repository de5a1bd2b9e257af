import type { Audited, Snapshot } from '../../src/domain/audit.ts'
import { changeInWords } from '../../src/domain/audit-words.ts'
import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { AuditFilter, AuditPage as Page } from '../models.settings.ts'
import type { Moment } from '../models.ts'
import { TextField } from '../parts/field.tsx'
import { Clock } from '../parts/when.tsx'
import { leadingZone, spanInWords } from '../words.ts'

const HERE = '/settings/audit'

/** `GET /settings/audit`. */
export const AuditPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title="Audit log" here="settings">
    <div class="title">
      <p class="small soft">
        <a href="/settings">Settings</a>
      </p>
      <h1>Audit log</h1>
      <p class="soft">
        Who changed what, from what to what. Kept for {spanInWords(page.kept)}; nobody can change or delete a line of it here.
      </p>
    </div>
    <section aria-label="Changes, newest first">
      <Filter page={page} />
      <Changes page={page} />
      {Object.keys(page.errors).length === 0 && <Export filter={page.filter} />}
    </section>
  </Layout>
)

const Filter = ({ page: { filter, errors } }: { page: Page }) => {
  const form = { values: filter, errors }
  return (
    <search>
      <form class="pair sift" method="get" action={HERE} novalidate>
        <TextField form={form} name="who" label="Who" placeholder="anybody" />
        <TextField form={form} name="from" label="First day" placeholder="2026-03-01" />
        <TextField form={form} name="to" label="Last day" placeholder="2026-03-31" />
        <button class="btn" type="submit">
          Filter
        </button>
      </form>
    </search>
  )
}

const isFiltered = ({ who, from, to }: AuditFilter): boolean => who !== '' || from !== '' || to !== ''

const Changes = ({ page: { changes, filter, errors, cursor, next, frame } }: { page: Page }) => {
  if (Object.keys(errors).length > 0) return <p class="nothing">Nothing is listed until the days can be read.</p>
  if (changes.length === 0)
    return (
      <p class="nothing">
        {isFiltered(filter) ? 'No change matches.' : 'Nothing was changed yet: no event was registered or edited here.'}
      </p>
    )
  return (
    <>
      <table class="data">
        <caption class="vh">Changes, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When, {leadingZone(frame.moment)}</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <Row change={change} moment={frame.moment} />
          ))}
        </tbody>
      </table>
      <p class="small line more">
        {next !== null && <a href={withQuery(HERE, { ...filter, cursor: next })}>Older</a>}
        {cursor !== null && <a href={withQuery(HERE, filter)}>To the newest</a>}
      </p>
    </>
  )
}

const Row = ({ change, moment }: { change: Audited; moment: Moment }) => (
  <tr id={`change-${change.id}`}>
    <td>
      <Clock at={change.at} moment={moment} />
    </td>
    <td class="source who">
      <a href={withQuery(HERE, { who: change.by.who })}>{change.by.who}</a>
    </td>
    <td class="full source">
      <details>
        <summary>{changeInWords(change)}</summary>
        <pre>{inFull(change)}</pre>
      </details>
    </td>
    <td class="source who">
      <code>{change.by.address}</code>
    </td>
  </tr>
)

const lines = (snapshot: Snapshot | null): string => (snapshot === null ? 'nothing' : JSON.stringify(snapshot, null, 2))
const inFull = ({ action, subject, before, after }: Audited): string =>
  `${action} ${subject}\n\nbefore: ${lines(before)}\n\nafter: ${lines(after)}`

/** The filter holds for the files, too. */
const Export = ({ filter }: { filter: AuditFilter }) => (
  <p class="small line export">
    <span class="soft">All of it, oldest first:</span>
    <a href={withQuery(`${HERE}.csv`, filter)} download>
      CSV
    </a>
    <a href={withQuery(`${HERE}.ndjson`, filter)} download>
      NDJSON
    </a>
  </p>
)
