import { MOST_IN_A_ROW, PLAIN_RULES } from '../../src/domain/telling-rules.ts'
import type { ExpectationField, ExpectationFormPage as Page } from '../models.ts'
import { EXPECTATION_LABELS } from './expectation-labels.ts'
import { ChoiceField, plainly, TextField } from './field.tsx'
import { Glyph } from './glyph.tsx'

type Props = { page: Pick<Page, 'form' | 'channels'> }

const FIELDS = ['severity', 'alertAfter', 'recoverAfter', 'channels'] as const satisfies readonly ExpectationField[]
const PLAIN: Partial<Record<ExpectationField, string>> = {
  severity: PLAIN_RULES.severity,
  alertAfter: `${PLAIN_RULES.alertAfter}`,
  recoverAfter: `${PLAIN_RULES.recoverAfter}`,
}
const isSaid = ({ values, errors }: Page['form']): boolean =>
  FIELDS.some((field) => errors[field] !== undefined || !['', PLAIN[field]].includes(values[field]))

/** How people are told: folded while it is as it is for most. */
export const ExpectationTelling = ({ page }: Props) => (
  <div class="how">
    <details open={isSaid(page.form)}>
      <summary>Who is told</summary>
      <div class="stack">
        <Rules page={page} />
        <Channels page={page} />
      </div>
    </details>
  </div>
)

const Rules = ({ page: { form } }: Props) => (
  <div class="pair">
    <ChoiceField form={form} name="severity" label={EXPECTATION_LABELS.severity} choices={plainly(['critical', 'warning'])} />
    <TextField
      form={form}
      name="alertAfter"
      isLive
      label={EXPECTATION_LABELS.alertAfter}
      inputmode="numeric"
      hint={`misses in a row, at most ${MOST_IN_A_ROW}`}
    />
    <TextField
      form={form}
      name="recoverAfter"
      isLive
      label={EXPECTATION_LABELS.recoverAfter}
      inputmode="numeric"
      hint="met ones in a row"
    />
  </div>
)

const Channels = ({ page: { form, channels } }: Props) => {
  const named = form.values.channels.split(' ')
  return (
    <fieldset id="channels">
      <legend>{EXPECTATION_LABELS.channels}</legend>
      {form.errors.channels !== undefined && (
        <p class="wrong">
          <Glyph of="missed" /> <span>{form.errors.channels}</span>
        </p>
      )}
      <p class="hint">
        {channels.length === 0
          ? 'There is no channel yet.'
          : 'These and no others; with none of them, the channels whose rules fit.'}
      </p>
      {channels.map(({ id, name, isEnabled }) => (
        <label class="tick source">
          <input type="checkbox" name="channels" value={`${id}`} checked={named.includes(`${id}`)} /> {name}
          {!isEnabled && ', switched off'}
        </label>
      ))}
    </fieldset>
  )
}
