import { eventPath } from '../addresses.ts'
import type { EventPage } from '../models.ts'
import { controlOf, Field, Mistakes, TextField } from './field.tsx'
import { Breakable } from './name.tsx'

type Props = Pick<EventPage, 'event' | 'edit' | 'remove'>

const LABELS = { description: 'Description', tags: 'Tags' }

/** `POST /events/:event` with `description` and `tags`; `POST /events/:event/delete` with `confirm`. */
export const EventEdit = ({ event, edit, remove }: Props) => (
  <section class="part-of how" id="edit" aria-labelledby="edit-h">
    <h2 id="edit-h">Edit</h2>
    <form class="stack" method="post" action={eventPath(event.name)} novalidate>
      <Mistakes form={edit} labels={LABELS} prefix="edit" />
      <Field form={edit} name="description" prefix="edit" label={LABELS.description} aside="optional">
        <textarea {...controlOf({ form: edit, name: 'description', prefix: 'edit' })} rows={3}>
          {edit.values.description}
        </textarea>
      </Field>
      <TextField
        form={edit}
        name="tags"
        prefix="edit"
        label={LABELS.tags}
        aside="with spaces between"
        hint={
          <>
            <code>person</code> puts a sign-off button on the board.
          </>
        }
      />
      <p>
        <button class="btn go" type="submit">
          Save the event
        </button>
      </p>
    </form>
    <Remove event={event} remove={remove} />
  </section>
)

const Remove = ({ event: { name }, remove }: Omit<Props, 'edit'>) => (
  <details open={Object.keys(remove.errors).length > 0}>
    <summary>Delete this event</summary>
    <form class="stack" method="post" action={`${eventPath(name)}/delete`} novalidate>
      <p class="small">
        Its expectations, verdicts and affirmations go too, for good. To go on, type its name:{' '}
        <code>
          <Breakable text={name} />
        </code>
      </p>
      <TextField form={remove} name="confirm" prefix="remove" label="Name of the event" class="mono" />
      <p>
        <button class="btn bad" type="submit">
          Delete it with all it holds
        </button>
      </p>
    </form>
  </details>
)
