import { incidentPath } from '../addresses.ts'
import type { IncidentPage } from '../models.incidents.ts'
import { TextField } from './field.tsx'
import { Minute } from './minute.tsx'
import { Relative } from './when.tsx'

type Props = { page: IncidentPage }

export const ATTEND_LABELS = { to: 'Assign to', for: 'Snooze for' }

/** Who is to look at it, and until when it can wait. A live piece. */
export const Attended = ({ page: { assignedTo, snoozedUntil, closedAt, frame } }: Props) => {
  const isSnoozed = closedAt === null && snoozedUntil !== null && snoozedUntil > frame.moment.now
  return (
    <div id="attended">
      {assignedTo !== null && (
        <p>
          Assigned to <strong class="source">{assignedTo}</strong>.
        </p>
      )}
      {isSnoozed && (
        <p>
          Snoozed until <Minute at={snoozedUntil} moment={frame.moment} />, <Relative at={snoozedUntil} moment={frame.moment} />:
          nobody is reminded of it before.
        </p>
      )}
    </div>
  )
}

/** `POST /incidents/:id/assign` with `to` (empty: nobody); `POST /incidents/:id/snooze` with `for` (empty: not any more). */
export const Attend = ({ page }: Props) => {
  const { id, attend, assignedTo } = page
  const isWrong = Object.keys(attend.errors).length > 0
  return (
    <div class="how">
      <details open={isWrong}>
        <summary>Assign or snooze</summary>
        <div class="pair">
          <form class="stack" method="post" action={`${incidentPath(id)}/assign`} novalidate>
            <TextField form={attend} name="to" prefix="attend" label={ATTEND_LABELS.to} hint={assignHint(assignedTo)} />
            <p>
              <button type="submit" class="btn">
                Assign
              </button>
            </p>
          </form>
          <form class="stack" method="post" action={`${incidentPath(id)}/snooze`} novalidate>
            <TextField
              form={attend}
              name="for"
              prefix="attend"
              label={ATTEND_LABELS.for}
              class="mono"
              placeholder="4h"
              hint="like 30m, 4h or 3d, at most 30d; empty ends it"
            />
            <p>
              <button type="submit" class="btn">
                Snooze
              </button>
            </p>
          </form>
        </div>
      </details>
    </div>
  )
}

const assignHint = (assignedTo: string | null): string =>
  assignedTo === null ? 'the name of whoever is to look at it' : 'empty: nobody any more'
