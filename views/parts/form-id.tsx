import type { FormState } from '../models.ts'
import { Glyph } from './glyph.tsx'

/** By what the server knows this form when it is sent twice. A browser must not fill in the one of before. */
export const FormId = ({ form }: { form: FormState<'form'> }) => (
  <>
    <input type="hidden" name="form" value={form.values.form} autocomplete="off" />
    {form.errors.form !== undefined && (
      <p class="wrong" id="form" role="alert">
        <Glyph of="missed" /> <span>{form.errors.form}</span>
      </p>
    )}
  </>
)
