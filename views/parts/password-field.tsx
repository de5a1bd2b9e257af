import type { FormState } from '../models.ts'
import { controlOf, Field } from './field.tsx'

type Props<F extends string> = {
  form: FormState<F>
  name: F
  label: string
  hint?: string
  autocomplete: 'current-password' | 'new-password'
}

/** What was typed here never comes back. */
export const PasswordField = <F extends string>({ form, name, label, hint, autocomplete }: Props<F>) => (
  <Field form={form} name={name} label={label} hint={hint}>
    <input
      {...controlOf({ form, name }, hint !== undefined)}
      type="password"
      autocomplete={autocomplete}
      maxlength={400}
      required
    />
  </Field>
)
