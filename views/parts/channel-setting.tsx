import type { Child } from 'hono/jsx'
import type { ChannelForm, SettingView } from '../models.channels.ts'
import { controlOf, Field } from './field.tsx'

type Props = { setting: SettingView; form: ChannelForm }

const ROWS = { list: 3, pairs: 3, lines: 8 } as const
const HOW = { text: '', url: '', list: '. One a line', pairs: '. One a line, like name: value', lines: '' } as const

/** One setting, as its kind asks for it. What is secret is never in the page: its field stays empty to keep what is stored. */
export const Setting = ({ setting, form }: Props) => {
  const { name, label, isRequired, isSecret, kept } = setting
  const field = `settings-${name}`
  return (
    <>
      <Field form={form} name={field} label={label} aside={isRequired ? undefined : 'optional'} hint={<Hint setting={setting} />}>
        <Control setting={setting} form={form} />
      </Field>
      {isSecret && kept !== null && !isRequired && (
        <label class="tick">
          <input type="checkbox" name={`forget-${name}`} /> Take away: {label}
        </label>
      )}
    </>
  )
}

const Hint = ({ setting: { hint, type, isSecret, kept } }: { setting: SettingView }): Child => (
  <>
    {hint.slice(0, 1).toUpperCase()}
    {hint.slice(1)}
    {HOW[type]}
    {isSecret && kept === null && (
      <>
        ; or where it is, like <code>env:AFFIRMATIVE_SECRET_NAME</code> or <code>file:NAME</code>
      </>
    )}
    {kept !== null && (
      <>
        . Stored: <code>{kept}</code>; empty keeps it.
      </>
    )}
  </>
)

const Control = ({ setting: { name, type, isSecret }, form }: Props) => {
  const field = `settings-${name}`
  const control = controlOf({ form, name: field }, true)
  const text = isSecret ? '' : form.values[field]
  if (type === 'text' || type === 'url')
    return (
      <input
        {...control}
        type={isSecret ? 'password' : 'text'}
        value={text}
        inputmode={type === 'url' ? 'url' : undefined}
        autocomplete={isSecret ? 'new-password' : 'off'}
        spellcheck={false}
      />
    )
  return (
    <textarea {...control} class="mono" rows={ROWS[type]} autocomplete="off" spellcheck={false}>
      {text}
    </textarea>
  )
}
