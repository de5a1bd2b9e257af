import { askId, signOffPath } from '../addresses.ts'
import type { AskView } from '../models.sign-off.ts'
import { controlOf, Field, Mistakes, TextField } from './field.tsx'
import { Glyph } from './glyph.tsx'

type Props = { ask: AskView; filter: string }

const LABELS = { by: 'Your name', note: 'Note', env: 'Environment' }

/** The first step: a note if one likes, and who one is where nobody is asked that. `POST /sign-off/:event`. */
export const SignForm = ({ ask: { event, env, form }, who, filter }: Props & { who: string | null }) => {
  const prefix = askId(event, env)
  return (
    <form class="stack" method="post" action={`${signOffPath(event, filter)}#${prefix}`} novalidate>
      <Mistakes form={form} labels={LABELS} prefix={prefix} />
      <input type="hidden" name="env" value={env} />
      {who === null && <TextField form={form} name="by" prefix={prefix} label={LABELS.by} autocomplete="name" />}
      <Field form={form} name="note" prefix={prefix} label={LABELS.note} aside="optional">
        <textarea {...controlOf({ form, name: 'note', prefix })} rows={2}>
          {form.values.note}
        </textarea>
      </Field>
      <button class="btn sign big-btn" type="submit">
        <Glyph of="met" /> Sign off<span class="vh"> {event}</span>
      </button>
    </form>
  )
}

/** What the name of the event says when it is read: `model_under_control` → `model under control`. */
const inWords = (event: string): string =>
  event
    .split(/[_.:-]+/)
    .filter((word) => word !== '')
    .join(' ')

/** The second step says in words what is about to be said. */
export const Confirm = ({
  ask: { event, env, form },
  confirm: { id, name },
  filter,
}: Props & { confirm: NonNullable<AskView['confirm']> }) => {
  const says = `${askId(event, env)}-says`
  const { by, note } = form.values
  return (
    <form class="confirm" method="post" action={signOffPath(event, filter)} aria-labelledby={says}>
      <p class="says" id={says}>
        <b>{name}</b> says: {inWords(event)}.
      </p>
      <p class="small soft said">{note.trim() !== '' && <>With the note “{note.trim()}”. </>}You can undo it for 10 minutes.</p>
      {Object.entries({ by, note, env, id, sure: 'yes' }).map(([field, value]) => (
        <input type="hidden" name={field} value={value} />
      ))}
      <button class="btn go big-btn" type="submit">
        <Glyph of="met" /> Yes, sign it off
      </button>
      <a class="btn big-btn" href={`${signOffPath('', filter)}#${askId(event, env)}`}>
        Not yet
      </a>
    </form>
  )
}
