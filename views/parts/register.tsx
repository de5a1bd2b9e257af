import type { EventsPage } from '../models.events.ts'
import { Mistakes, TextField } from './field.tsx'

const LABELS = { name: 'Name', description: 'Description', tags: 'Tags', key: 'Key' }

/** `POST /events` with `name`, `description`, `tags` and `key`. Folded once there is a table to look at. */
export const Register = ({ register, isFirst }: Pick<EventsPage, 'register'> & { isFirst: boolean }) => (
  <details class="register" id="register" open={isFirst || Object.keys(register.errors).length > 0}>
    <summary class="btn">Register an event</summary>
    <form class="fields" method="post" action="/events" novalidate>
      <Mistakes form={register} labels={LABELS} />
      <TextField
        form={register}
        name="name"
        label={LABELS.name}
        class="mono"
        hint={
          <>
            What happens, in words: <code>backup_postgres_main_offsite</code>. Letters, digits and <code>_ . : -</code>
          </>
        }
      />
      <TextField form={register} name="description" label={LABELS.description} aside="optional" />
      <TextField form={register} name="tags" label={LABELS.tags} aside="optional, with spaces between" />
      <TextField
        form={register}
        name="key"
        label={LABELS.key}
        aside="optional"
        class="mono"
        hint={
          <>
            Only to keep one that stands in code already; else it is made: <code>af_</code> and 8 letters and digits.
          </>
        }
      />
      <p>
        <button class="btn go" type="submit">
          Register
        </button>
      </p>
    </form>
    <p class="small soft">An event that affirms without being registered is registered by that.</p>
  </details>
)
