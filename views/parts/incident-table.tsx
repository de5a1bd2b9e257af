import { incidentPath } from '../addresses.ts'
import type { IncidentRow, IncidentsPage } from '../models.incidents.ts'
import type { Moment } from '../models.ts'
import { leadingZone, spanInWords } from '../words.ts'
import { Minute } from './minute.tsx'
import { Breakable } from './name.tsx'
import { Since } from './when.tsx'

type Props = { page: Pick<IncidentsPage, 'frame' | 'defaultEnv'>; items: readonly IncidentRow[] }

/** All open, or all closed. */
export const IncidentTable = ({ page: { frame, defaultEnv }, items }: Props) => (
  <table class="data events">
    <thead>
      <tr>
        <th scope="col">Incident</th>
        <th scope="col">{items[0]?.closedAt === null ? 'Open for' : 'Lasted'}</th>
        <th scope="col">Opened, {leadingZone(frame.moment)}</th>
        <th scope="col">Who {items[0]?.closedAt === null ? 'has' : 'had'} it</th>
      </tr>
    </thead>
    <tbody>
      {items.map((row) => (
        <Row row={row} moment={frame.moment} defaultEnv={defaultEnv} />
      ))}
    </tbody>
  </table>
)

type RowProps = { row: IncidentRow; moment: Moment; defaultEnv: string }

const Row = ({ row, moment, defaultEnv }: RowProps) => (
  <tr id={`incident-${row.id}`}>
    <td class="full">
      <a class="name" href={incidentPath(row.id)}>
        <span class="vh">Incident </span>
        {row.id} <Breakable text={row.event} />
      </a>{' '}
      {row.env !== defaultEnv && <span class="tag env">{row.env}</span>}
      {row.severity === 'warning' && <span class="tag">warning</span>}
      <span class="soft small about">{row.sentence}</span>
    </td>
    <td>
      <Span row={row} moment={moment} />
    </td>
    <td>
      <Minute at={row.openedAt} moment={moment} />
    </td>
    <td class="full">
      <Holder row={row} />
      <Waits row={row} moment={moment} />
    </td>
  </tr>
)

const Span = ({ row: { openedAt, closedAt }, moment }: Omit<RowProps, 'defaultEnv'>) => {
  if (closedAt !== null) return spanInWords(closedAt - openedAt)
  return (
    <strong>
      <Since at={openedAt} moment={moment} />
    </strong>
  )
}

const Waits = ({ row: { assignedTo, snoozedUntil, closedAt }, moment }: Omit<RowProps, 'defaultEnv'>) => (
  <>
    {assignedTo !== null && <span class="soft about">assigned to {assignedTo}</span>}
    {closedAt === null && snoozedUntil !== null && snoozedUntil > moment.now && (
      <span class="soft about">
        snoozed until <Minute at={snoozedUntil} moment={moment} />
      </span>
    )}
  </>
)

const Holder = ({ row: { acknowledgedBy, note, closedAt } }: { row: IncidentRow }) => {
  if (acknowledgedBy === null)
    return closedAt === null ? <strong>Nobody has it yet</strong> : <span class="soft">nobody had it</span>
  return (
    <>
      <strong class="source">{acknowledgedBy}</strong>
      {note !== null && <span class="soft about">“{note}”</span>}
    </>
  )
}
