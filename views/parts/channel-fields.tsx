import { WHENS, type When } from '../../src/domain/channel.ts'
import type { ChannelForm, ChannelFormView } from '../models.channels.ts'
import { Setting } from './channel-setting.tsx'
import { ChoiceField, type Labels, TextField } from './field.tsx'
import { Glyph } from './glyph.tsx'

const LABELS = {
  name: 'Name',
  when: 'What it is told',
  events: 'Events',
  tags: 'Tags',
  envs: 'Environments',
  severity: 'Severity',
  remindEvery: 'Remind every',
  default: 'A default channel',
}

/** What people see each field called, those of the kind among them. */
export const channelLabels = ({ settings }: Pick<ChannelFormView, 'settings'>): Labels<string> => ({
  ...LABELS,
  ...Object.fromEntries(settings.map(({ name, label }) => [`settings-${name}`, label])),
})

const SAYS: Record<When, string> = {
  missed: 'what should have happened did not',
  recovered: 'it is as expected again',
  reminder: 'it is still missed and nobody has it',
  met: 'every time that it is as expected: for counting services',
}
const SEVERITIES = [
  { value: '', says: 'any' },
  { value: 'critical', says: 'critical' },
  { value: 'warning', says: 'warning' },
]

/** All that can be said of a channel: what it is, what it is told, and of what. */
export const ChannelFields = ({ view: { settings, form } }: { view: ChannelFormView }) => (
  <>
    <TextField form={form} name="name" label={LABELS.name} />
    {settings.map((setting) => (
      <Setting setting={setting} form={form} />
    ))}
    <Whens form={form} />
    <TextField
      form={form}
      name="remindEvery"
      label={LABELS.remindEvery}
      aside="optional"
      class="mono"
      placeholder="4h"
      hint="Like 30m or 4h, for who is told reminders."
    />
    <div class="pair">
      <TextField form={form} name="events" label={LABELS.events} placeholder="all" hint={<Patterns />} />
      <TextField form={form} name="tags" label={LABELS.tags} placeholder="any" hint="With spaces between." />
    </div>
    <div class="pair">
      <TextField form={form} name="envs" label={LABELS.envs} placeholder="any" hint="With spaces between." />
      <ChoiceField form={form} name="severity" label={LABELS.severity} choices={SEVERITIES} />
    </div>
    <label class="tick">
      <input type="checkbox" id="default" name="default" checked={form.values.default !== ''} /> {LABELS.default}: told only what
      no other channel is for
    </label>
  </>
)

const Patterns = () => (
  <>
    With spaces between; <code>etl_*</code> is all that begin so.
  </>
)

const Whens = ({ form }: { form: ChannelForm }) => {
  const chosen = (form.values.when ?? '').split(' ')
  const wrong = form.errors.when
  return (
    <fieldset id="when" tabindex={-1} aria-describedby={wrong === undefined ? undefined : 'when-error'}>
      <legend>{LABELS.when}</legend>
      {WHENS.map((when) => (
        <label class="tick">
          <input type="checkbox" name={`when-${when}`} checked={chosen.includes(when)} />{' '}
          <span>
            <b>{when}</b> <span class="soft">{SAYS[when]}</span>
          </span>
        </label>
      ))}
      {wrong !== undefined && (
        <p class="wrong" id="when-error">
          <Glyph of="missed" /> <span>{wrong}</span>
        </p>
      )}
    </fieldset>
  )
}
