import { eventPath } from '../addresses.ts'
import type { EventPage } from '../models.ts'
import { ChoiceField, Mistakes, plainly, TextField } from './field.tsx'
import { Glyph } from './glyph.tsx'
import { Undo } from './undo.tsx'

type Props = Pick<EventPage, 'event' | 'envs' | 'signOff' | 'undo' | 'frame'>

const LABELS = { by: 'Your name', note: 'Note', env: 'Environment' }

/** A person says that it happened. `POST /events/:event/sign-off` with `by`, `note` and `env`. */
export const SignOff = ({ event: { name }, envs, signOff, undo, frame }: Props) => (
  <section class="part-of" id="sign-off" aria-labelledby="sign-off-h">
    <h2 id="sign-off-h">By hand, now</h2>
    {undo.map((one) => (
      <Undo one={one} moment={frame.moment} back="event" />
    ))}
    <form class="stack" method="post" action={`${eventPath(name)}/sign-off`} novalidate>
      <Mistakes form={signOff} labels={LABELS} prefix="sign" />
      <div class="pair">
        {frame.who === null && <TextField form={signOff} name="by" prefix="sign" label={LABELS.by} autocomplete="name" />}
        {envs.length > 1 && <ChoiceField form={signOff} name="env" prefix="sign" label={LABELS.env} choices={plainly(envs)} />}
      </div>
      {envs.length <= 1 && <input type="hidden" name="env" value={signOff.values.env} />}
      <TextField form={signOff} name="note" prefix="sign" label={LABELS.note} aside="optional" />
      <p>
        <button class="btn sign" type="submit">
          <Glyph of="met" /> Sign off
        </button>
      </p>
    </form>
  </section>
)
