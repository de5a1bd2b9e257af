import type { ExpectationFormPage as Page } from '../models.ts'
import { ChoiceField, TextField } from './field.tsx'
import { Warnings } from './preview.tsx'

type Props = { page: Page }

const COUNTED = [
  { value: 'affirmations', says: 'affirmations' },
  { value: 'sources', says: 'different sources' },
]

/** All that can be said of an expectation, in the order in which the sentence says it. */
export const ExpectationFields = ({ page: { form, envs, preview } }: Props) => (
  <>
    <div>
      <TextField
        form={form}
        name="schedule"
        label="Schedule"
        aside="minute, hour, day of month, month, day of week"
        class="big"
        placeholder="0 7 * * 1-5"
      />
      <Warnings preview={preview} />
    </div>
    <div class="pair">
      <TextField form={form} name="atLeast" label="At least" inputmode="numeric" placeholder="1" />
      <TextField form={form} name="atMost" label="At most" inputmode="numeric" placeholder="no limit" />
      <ChoiceField form={form} name="count" label="Counting" choices={COUNTED} />
    </div>
    <div class="pair">
      <TextField
        form={form}
        name="lookback"
        label="Lookback"
        class="mono"
        placeholder="since the due before"
        hint={<Durations />}
      />
      <TextField
        form={form}
        name="grace"
        label="Grace"
        class="mono"
        placeholder="0s"
        hint="How long past due it may still arrive."
      />
    </div>
    <div class="pair">
      <TextField form={form} name="timeZone" label="Time zone" placeholder="UTC" hint="UTC or an IANA name: Europe/Berlin" />
      <TextField form={form} name="env" label="Environment" hint={envs.length > 1 ? `Known: ${envs.join(', ')}` : undefined} />
    </div>
    <TextField form={form} name="where" label="Only those where" aside="optional" class="mono" hint={<WhereHint />} />
    <TextField form={form} name="tags" label="Tags" aside="optional, with spaces between" />
    <label class="tick">
      <input type="checkbox" name="ignoreFailures" checked={form.values.ignoreFailures !== ''} /> Let a reported failure pass;
      judge by the count alone
    </label>
  </>
)

const Durations = () => (
  <>
    <code>20m</code>, <code>3d</code>, <code>1h30m</code>; empty counts since the due before.
  </>
)

const WhereHint = () => (
  <>
    <code>{'{"path": "$.status", "equals": "ok"}'}</code>, <code>{'{"path": "$.rows", "atLeast": 1}'}</code> or{' '}
    <code>{'{"source": "web-*"}'}</code>
  </>
)
