import { maintenancePath } from '../addresses.ts'
import type { MaintenanceRow } from '../models.maintenance.ts'
import type { Frame, Moment } from '../models.ts'
import { leadingZone, windowInWords } from '../words.ts'
import { Clock, Relative } from './when.tsx'

/** How they stand: each kind of list says something else of when. */
export type Standing = 'on' | 'coming' | 'past'
type Props = { items: readonly MaintenanceRow[]; standing: Standing; frame: Frame }

export const MaintenanceTable = ({ items, standing, frame }: Props) => (
  <table class="data">
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">When, {leadingZone(frame.moment)}</th>
        <th scope="col">For</th>
        {standing !== 'past' && frame.may.includes('write') && (
          <th scope="col">
            <span class="vh">What can be done</span>
          </th>
        )}
      </tr>
    </thead>
    <tbody>
      {items.map((row) => (
        <Row row={row} standing={standing} frame={frame} />
      ))}
    </tbody>
  </table>
)

const Row = ({ row, standing, frame }: { row: MaintenanceRow; standing: Standing; frame: Frame }) => (
  <tr>
    <td class="full">
      <b class="source">{row.name}</b>
      <div class="soft small source">by {row.createdBy}</div>
    </td>
    <td class="source">
      {row.again !== null && <div>{row.again}</div>}
      <When row={row} standing={standing} moment={frame.moment} />
    </td>
    <td class="source">{row.isFor}</td>
    {standing !== 'past' && frame.may.includes('write') && (
      <td>
        <Acts row={row} standing={standing} />
      </td>
    )}
  </tr>
)

const When = ({ row: { window, endedAt }, standing, moment }: { row: MaintenanceRow; standing: Standing; moment: Moment }) => {
  if (window !== null && standing === 'on')
    return (
      <>
        until <Clock at={window.to} moment={moment} />, since <Clock at={window.from} moment={moment} />
      </>
    )
  return (
    <>
      {window !== null && windowInWords(window, moment.now, moment)}
      {window !== null && standing === 'coming' && (
        <>
          , <Relative at={window.from} moment={moment} />
        </>
      )}
      {endedAt !== null && (
        <div class="small">
          ended <Clock at={endedAt} moment={moment} />
        </div>
      )}
    </>
  )
}

/** One that comes again and again is ended for good. */
const endInWords = ({ again }: MaintenanceRow, standing: Standing): string => {
  if (again !== null) return 'End it for good'
  return standing === 'on' ? 'End it now' : 'Call it off'
}

const Acts = ({ row, standing }: { row: MaintenanceRow; standing: Standing }) => (
  <form class="line" method="post" action={`${maintenancePath}/${row.id}/end`}>
    <a href={`${maintenancePath}/${row.id}`}>
      Change<span class="vh"> {row.name}</span>
    </a>
    <button class="btn" type="submit">
      {endInWords(row, standing)}
      <span class="vh"> {row.name}</span>
    </button>
  </form>
)
