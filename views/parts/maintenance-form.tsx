import { maintenancePath, withQuery } from '../addresses.ts'
import type { MaintenanceField, MaintenancePage } from '../models.maintenance.ts'
import { type Labels, Mistakes, TextField } from './field.tsx'

type Props = { page: MaintenancePage }

const LABELS: Labels<MaintenanceField> = {
  name: 'Name',
  kind: 'How often',
  from: 'From',
  to: 'To',
  schedule: 'Schedule',
  lasts: 'Lasts',
  timeZone: 'Time zone',
  events: 'Events',
  tags: 'Tags',
  envs: 'Environments',
}

/** `POST /maintenance`, or to the one that is changed. The fields are those of its kind; a link leads to the other. */
export const MaintenanceForm = ({ page }: Props) => {
  const { form, id } = page
  return (
    <section class="part-of stack" id="plan" aria-labelledby="plan-h">
      <h2 id="plan-h">{id === null ? 'Plan one' : 'Change it'}</h2>
      {id === null && <Presets page={page} />}
      <form class="fields" method="post" action={id === null ? maintenancePath : `${maintenancePath}/${id}`} novalidate>
        <Mistakes form={form} labels={LABELS} />
        <input type="hidden" name="kind" value={form.values.kind} />
        <TextField form={form} name="name" label={LABELS.name} hint="What is done: people read it beside what is missed." />
        {form.values.kind === 'again' ? <Again page={page} /> : <Once page={page} />}
        <For page={page} />
        <p class="line">
          <button class="btn go" type="submit">
            {id === null ? 'Plan it' : 'Save it'}
          </button>
          {id !== null && <a href={maintenancePath}>Leave it as it is</a>}
        </p>
      </form>
    </section>
  )
}

const LENGTHS = [
  { lasts: '30m', says: '30 min' },
  { lasts: '1h', says: '1 h' },
  { lasts: '4h', says: '4 h' },
]

const Presets = ({ page: { event, form } }: Props) => (
  <p class="line small">
    {LENGTHS.map(({ lasts, says }) => (
      <a href={`${withQuery(maintenancePath, { event, for: lasts })}#plan`}>Now for {says}</a>
    ))}
    {form.values.kind === 'again' ? (
      <a href={`${withQuery(maintenancePath, { event })}#plan`}>Once, from and to</a>
    ) : (
      <a href={`${withQuery(maintenancePath, { event, plan: 'again' })}#plan`}>Again and again, by a schedule</a>
    )}
  </p>
)

const Zone = ({ page: { form } }: Props) => (
  <TextField form={form} name="timeZone" label={LABELS.timeZone} placeholder="UTC" hint="UTC or an IANA name: Europe/Berlin" />
)

const Once = ({ page }: Props) => (
  <>
    <TextField form={page.form} name="from" type="datetime-local" label={LABELS.from} placeholder="2026-03-04 22:00" />
    <TextField form={page.form} name="to" type="datetime-local" label={LABELS.to} placeholder="2026-03-05 02:00" />
    <Zone page={page} />
  </>
)

const Again = ({ page }: Props) => (
  <>
    <TextField
      form={page.form}
      name="schedule"
      label={LABELS.schedule}
      aside="minute, hour, day of month, month, day of week"
      class="big"
      placeholder="0 2 * * 0"
    />
    <div class="pair">
      <TextField form={page.form} name="lasts" label={LABELS.lasts} class="mono" placeholder="2h" />
      <Zone page={page} />
    </div>
  </>
)

const For = ({ page: { form, envs } }: Props) => (
  <>
    <TextField
      form={form}
      name="events"
      label={LABELS.events}
      aside="empty: all"
      class="mono"
      placeholder="backup_* etl"
      hint="Names with spaces between; * is any part of one."
    />
    <TextField form={form} name="tags" label={LABELS.tags} aside="one of them; empty: any" />
    <TextField
      form={form}
      name="envs"
      label={LABELS.envs}
      aside="empty: all"
      hint={envs.length > 1 ? `Known: ${envs.slice(0, 5).join(', ')}` : undefined}
    />
  </>
)
