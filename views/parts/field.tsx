import type { Child, PropsWithChildren } from 'hono/jsx'
import type { FormState } from '../models.ts'
import { counted } from '../words.ts'
import { Glyph, Seal } from './glyph.tsx'

type Named<Field extends string> = {
  form: FormState<Field>
  name: Field
  /** Distinguishes equal fields of several forms on a page. */
  prefix?: string
  /** Does the mistake follow the typing? Its place is there from the beginning then. */
  isLive?: boolean
}

const idOf = (name: string, prefix = ''): string => (prefix === '' ? name : `${prefix}-${name}`)

/** What stands in every control: its name, what was typed, and which notes describe it. */
export function controlOf<Field extends string>({ form, name, prefix, isLive = false }: Named<Field>, hasHint = false) {
  const id = idOf(name, prefix)
  const isWrong = form.errors[name] !== undefined
  const notes = [isWrong || isLive ? `${id}-error` : '', hasHint ? `${id}-hint` : ''].filter((note) => note !== '').join(' ')
  return {
    id,
    name,
    ...(isWrong ? { 'aria-invalid': 'true' as const } : {}),
    ...(notes === '' ? {} : { 'aria-describedby': notes }),
  }
}

type FieldProps<Field extends string> = PropsWithChildren<Named<Field> & { label: string; aside?: string; hint?: Child }>

/** Label, control, the mistake, the hint. `aside` is said beside the label. */
export const Field = <F extends string>({ form, name, prefix, isLive = false, label, aside, hint, children }: FieldProps<F>) => {
  const id = idOf(name, prefix)
  const wrong = form.errors[name]
  return (
    <div class="field">
      <label for={id}>
        {label}
        {aside !== undefined && <span class="hint"> {aside}</span>}
      </label>
      {children}
      {(wrong !== undefined || isLive) && (
        <p class="wrong" id={`${id}-error`} hidden={wrong === undefined}>
          <Glyph of="missed" /> <span>{wrong}</span>
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

type TextProps<F extends string> = Named<F> & {
  label: string
  aside?: string
  hint?: Child
  class?: string
  placeholder?: string
  inputmode?: 'numeric'
  type?: 'datetime-local'
  autocomplete?: string
}

/** A line of text. */
export const TextField = <F extends string>({
  form,
  name,
  prefix,
  isLive,
  label,
  aside,
  hint,
  autocomplete = 'off',
  ...look
}: TextProps<F>) => (
  <Field form={form} name={name} prefix={prefix} isLive={isLive} label={label} aside={aside} hint={hint}>
    <input
      {...controlOf({ form, name, prefix, isLive }, hint !== undefined)}
      {...look}
      value={form.values[name]}
      autocomplete={autocomplete}
      spellcheck={false}
    />
  </Field>
)

type ChoiceProps<F extends string> = Named<F> & { label: string; choices: readonly { value: string; says: string }[] }

/** One of a few. What was chosen stays choosable even if it is no longer in the list. */
export const ChoiceField = <F extends string>({ form, name, prefix, label, choices }: ChoiceProps<F>) => (
  <Field form={form} name={name} prefix={prefix} label={label}>
    <select {...controlOf({ form, name, prefix })}>
      <Options chosen={form.values[name]} choices={choices} />
    </select>
  </Field>
)

/** The options of a `select`, with `chosen` among them in any case. */
export const Options = ({ chosen, choices }: { chosen: string; choices: readonly { value: string; says: string }[] }) => {
  const isKnown = choices.some(({ value }) => value === chosen)
  return (
    <>
      {[...choices, ...(isKnown ? [] : [{ value: chosen, says: chosen }])].map(({ value, says }) => (
        <option value={value} selected={value === chosen}>
          {says}
        </option>
      ))}
    </>
  )
}

/** The same words for the value and for the reader. */
export const plainly = (values: readonly string[]) => values.map((value) => ({ value, says: value }))

/** `timeZone` → `time zone`. */
export const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** What people see a field called. */
export type Labels<Field extends string> = Record<Field, string>

type MistakesProps<F extends string> = { form: FormState<F>; labels: Labels<F>; prefix?: string }

/** "Nothing was saved: 2 fields need a look: Schedule, Your name." */
export const Mistakes = <F extends string>({ form, labels, prefix }: MistakesProps<F>) => {
  const wrong = Object.keys(form.errors) as F[]
  if (wrong.length === 0) return null
  return (
    <p class="state wrap missed mistakes" role="alert">
      <Seal of="missed" />
      <span>
        Nothing was saved: {counted(wrong.length, 'field needs', 'fields need')} a look:{' '}
        {wrong.map((name, i) => (
          <>
            {i > 0 && ', '}
            <a href={`#${idOf(name, prefix)}`}>{labels[name]}</a>
          </>
        ))}
        .
      </span>
    </p>
  )
}
