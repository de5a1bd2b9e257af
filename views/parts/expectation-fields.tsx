import type { ExpectationFormPage as Page } from '../models.ts'
import { EXPECTATION_LABELS } from './expectation-labels.ts'
import { ExpectationTelling } from './expectation-telling.tsx'
import { ChoiceField, TextField } from './field.tsx'
import { Warnings } from './preview.tsx'

type Props = { page: Page }

const COUNTED = [
  { value: 'affirmations', says: 'affirmations' },
  { value: 'sources', says: 'different sources' },
]

/** All that can be said of an expectation, in the order in which the sentence says it. */
export const ExpectationFields = ({ page: { form, envs, preview, channels } }: Props) => (
  <>
    <div>
      <TextField
        form={form}
        name="schedule"
        isLive
        label={EXPECTATION_LABELS.schedule}
        aside="minute, hour, day of month, month, day of week"
        class="big"
        placeholder="0 7 * * 1-5"
      />
      <Warnings preview={preview} wrong={form.errors.schedule} />
    </div>
    <div class="pair">
      <TextField form={form} name="atLeast" isLive label={EXPECTATION_LABELS.atLeast} inputmode="numeric" placeholder="1" />
      <TextField form={form} name="atMost" isLive label={EXPECTATION_LABELS.atMost} inputmode="numeric" placeholder="no limit" />
      <ChoiceField form={form} name="count" label={EXPECTATION_LABELS.count} choices={COUNTED} />
    </div>
    <div class="pair">
      <TextField
        form={form}
        name="lookback"
        isLive
        label={EXPECTATION_LABELS.lookback}
        class="mono"
        placeholder="since the due before"
        hint={<Durations />}
      />
      <TextField
        form={form}
        name="grace"
        isLive
        label={EXPECTATION_LABELS.grace}
        class="mono"
        placeholder="0s"
        hint="How long past due it may still arrive."
      />
    </div>
    <div class="pair">
      <TextField
        form={form}
        name="timeZone"
        isLive
        label={EXPECTATION_LABELS.timeZone}
        placeholder="UTC"
        hint="UTC or an IANA name: Europe/Berlin"
      />
      <TextField
        form={form}
        name="env"
        isLive
        label={EXPECTATION_LABELS.env}
        hint={envs.length > 1 ? `Known: ${envs.join(', ')}` : undefined}
      />
    </div>
    <TextField
      form={form}
      name="where"
      isLive
      label={EXPECTATION_LABELS.where}
      aside="optional"
      class="mono"
      hint={<WhereHint />}
    />
    <TextField form={form} name="tags" isLive label={EXPECTATION_LABELS.tags} aside="optional, with spaces between" />
    <label class="tick">
      <input type="checkbox" name="ignoreFailures" checked={form.values.ignoreFailures !== ''} /> Let a reported failure pass;
      judge by the count alone
    </label>
    <ExpectationTelling page={{ form, channels }} />
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
