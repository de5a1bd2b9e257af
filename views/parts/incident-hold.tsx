import { LONGEST_NOTE } from '../../src/domain/incident.ts'
import { incidentPath } from '../addresses.ts'
import type { IncidentPage } from '../models.incidents.ts'
import { controlOf, Field, Mistakes, TextField } from './field.tsx'
import { ATTEND_LABELS, Attend, Attended } from './incident-attend.tsx'
import { Minute } from './minute.tsx'

type Props = { page: IncidentPage }

const LABELS = { by: 'Your name', note: 'Note' }

/** `POST /incidents/:id/acknowledge` with `note`, `by` where nobody is asked who they are, `over`, and `act`: the button. */
export const IncidentHold = ({ page }: Props) => {
  const { frame, expected, closedAt, hold, attend } = page
  const isOffered = frame.may.includes('sign') && expected !== null && closedAt === null
  return (
    <section class="part-of" aria-labelledby="hold-h">
      <h2 id="hold-h">Who {closedAt === null ? 'has' : 'had'} it</h2>
      <div class="stack">
        <Mistakes form={hold} labels={LABELS} prefix="hold" />
        <Mistakes form={attend} labels={ATTEND_LABELS} prefix="attend" />
        <p id="hold-who">
          <Holder page={page} />
        </p>
        <Attended page={page} />
        {isOffered ? <Form page={page} /> : <p id="hold-acts" hidden />}
        {!isOffered && hold.errors.note !== undefined && <p class="wrong">{hold.errors.note}</p>}
        {!isOffered && attend.errors.to !== undefined && <p class="wrong">{attend.errors.to}</p>}
        {isOffered && <Attend page={page} />}
      </div>
    </section>
  )
}

const Holder = ({ page: { holder, closedAt, frame } }: Props) => {
  if (holder === null) return closedAt === null ? <strong>Nobody has it yet.</strong> : <>Nobody had it.</>
  return (
    <>
      <strong class="source">{holder.name}</strong>, since <Minute at={holder.since} moment={frame.moment} />.
    </>
  )
}

const Form = ({ page }: Props) => {
  const { frame, id, hold } = page
  return (
    <form class="stack" method="post" action={`${incidentPath(id)}/acknowledge`} novalidate>
      {frame.who === null && (
        <TextField form={hold} name="by" prefix="hold" label={LABELS.by} aside="optional" autocomplete="name" />
      )}
      <Field
        form={hold}
        name="note"
        prefix="hold"
        label={LABELS.note}
        aside={`at most ${LONGEST_NOTE.toLocaleString('en')} characters`}
      >
        <textarea {...controlOf({ form: hold, name: 'note', prefix: 'hold' })} rows={3}>
          {hold.values.note}
        </textarea>
      </Field>
      <Acts page={page} />
    </form>
  )
}

/** A live piece: it says whom one would take it from, and goes when the incident is closed meanwhile. */
const Acts = ({ page: { holder, over, frame } }: Props) => {
  const isMine = holder !== null && holder.name === frame.who
  return (
    <div id="hold-acts" class="line">
      <input type="hidden" name="over" value={over} />
      {holder === null && (
        <button type="submit" class="btn go" name="act" value="acknowledge">
          I have it
        </button>
      )}
      <button type="submit" class="btn" name="act" value="note">
        Add the note
      </button>
      {holder !== null && !isMine && (
        <button type="submit" class="btn" name="act" value="take">
          Take it over
        </button>
      )}
    </div>
  )
}
