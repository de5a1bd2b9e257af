import type { PropsWithChildren } from 'hono/jsx'
import { maintenancePath, withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { MaintenanceRow, MaintenancePage as Page } from '../models.maintenance.ts'
import { MaintenanceForm } from '../parts/maintenance-form.tsx'
import { MaintenanceTable, type Standing } from '../parts/maintenance-table.tsx'

type Props = { page: Page }

/** `GET /maintenance`, `GET /maintenance/:id` (the form holds that one then), and the 422 of their forms. */
export const MaintenancePage = ({ page }: Props) => (
  <Layout frame={page.frame} title="Maintenance" here="settings">
    <div class="title">
      <p class="small soft">
        <a href="/settings">Settings</a> / {page.id === null ? 'maintenance' : <a href={maintenancePath}>maintenance</a>}
      </p>
      <h1>Maintenance</h1>
      <p class="soft">
        What is missed meanwhile is judged and shown, but nobody is told. What is still missed at the end is told then.
      </p>
    </div>
    <div class="cols">
      <div>
        <Lists page={page} />
      </div>
      {page.frame.may.includes('write') && <MaintenanceForm page={page} />}
    </div>
  </Layout>
)

const Lists = ({ page: { on, coming, past, frame } }: Props) => {
  if (on.length + coming.length + past.items.length === 0) return <p class="nothing">No maintenance was planned yet.</p>
  return (
    <>
      <List title="On now" none="Nothing is in maintenance." items={on} standing="on" frame={frame} />
      <List title="To come" none="Nothing is planned." items={coming} standing="coming" frame={frame} />
      {past.items.length > 0 && (
        <List title="Over" none="" items={past.items} standing="past" frame={frame}>
          <p class="more">
            {past.cursor !== null && <a href={maintenancePath}>To the first part</a>}{' '}
            {past.next !== null && (
              <a class="btn" href={withQuery(maintenancePath, { cursor: past.next })}>
                Older ones
              </a>
            )}
          </p>
        </List>
      )}
    </>
  )
}

type ListProps = { title: string; none: string; items: readonly MaintenanceRow[]; standing: Standing } & Pick<Page, 'frame'>

const List = ({ title, none, items, standing, frame, children }: PropsWithChildren<ListProps>) => (
  <section class="part-of" aria-labelledby={`${standing}-h`}>
    <h2 id={`${standing}-h`}>{title}</h2>
    {items.length === 0 ? <p class="soft">{none}</p> : <MaintenanceTable items={items} standing={standing} frame={frame} />}
    {children}
  </section>
)
