import type { ChannelForm } from '../../../views/models.channels.ts'
import { type Channel, type ChannelSettings, WHENS } from '../../domain/channel.ts'
import { formatDuration } from '../../domain/duration.ts'
import type { FieldError } from '../../domain/fault.ts'
import type { Field } from '../../services/channels.ts'
import { mistaken, type Posted, tagsOf } from './form.ts'

/** The fields of a channel's form as they are typed. */
export type Values = Record<string, string>

const OWN = ['name', 'remindEvery', 'events', 'tags', 'envs', 'severity', 'default'] as const
const fieldOf = ({ name }: Pick<Field, 'name'>): string => `settings-${name}`
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export const blankValues = (): Values => ({
  ...Object.fromEntries(OWN.map((name) => [name, ''])),
  when: 'missed recovered',
})

export const typedValues = (posted: Posted, fields: readonly Field[]): Values => ({
  ...Object.fromEntries(OWN.map((name) => [name, posted(name).trim()])),
  when: WHENS.filter((when) => posted(`when-${when}`) !== '').join(' '),
  ...Object.fromEntries(fields.map((field) => [fieldOf(field), posted(fieldOf(field)).replaceAll('\r\n', '\n').trim()])),
  ...Object.fromEntries(fields.map(({ name }) => [`forget-${name}`, posted(`forget-${name}`)])),
})

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.join('\n')
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  return Object.entries(value)
    .map(([name, text]) => `${name}: ${text}`)
    .join('\n')
}

/** As it is kept; of secrets nothing. */
export const valuesOf = ({ name, when, match, isDefault, remindEvery, settings }: Channel, fields: readonly Field[]): Values => ({
  name,
  when: when.join(' '),
  events: (match?.events ?? []).join(' '),
  tags: (match?.tags ?? []).join(' '),
  envs: (match?.envs ?? []).join(' '),
  severity: match?.severities?.length === 1 ? (match.severities[0] ?? '') : '',
  default: isDefault ? 'on' : '',
  remindEvery: remindEvery === null ? '' : formatDuration(remindEvery),
  ...Object.fromEntries(fields.map((field) => [fieldOf(field), field.isSecret ? '' : textOf(settings[field.name])])),
})

const pairIn = (line: string): [string, string] => {
  const [name = '', ...rest] = line.split(':')
  return [name.trim(), rest.join(':').trim()]
}

/** An empty secret is as it was, unless it is to be taken away. */
function settingIn(field: Field, values: Values, shown: ChannelSettings): unknown {
  const text = values[fieldOf(field)] ?? ''
  if (text === '') return field.isSecret && !values[`forget-${field.name}`] ? (shown[field.name] ?? null) : null
  if (field.type === 'list') return linesOf(text)
  return field.type === 'pairs' ? Object.fromEntries(linesOf(text).map(pairIn)) : text
}

/** What was typed, as the API would be told; `shown` is what is stored, with masks. */
export function inputOf(values: Values, fields: readonly Field[], shown: ChannelSettings): Record<string, unknown> {
  const list = (name: string) => tagsOf(values[name] ?? '')
  const { name, when = '', remindEvery, severity } = values
  const severities = severity ? [severity] : []
  return {
    name,
    settings: Object.fromEntries(fields.map((field) => [field.name, settingIn(field, values, shown)])),
    when: when.split(' ').filter((one) => one !== ''),
    match: { events: list('events'), tags: list('tags'), envs: list('envs'), severities },
    default: Boolean(values.default),
    ...(remindEvery ? { remindEvery } : {}),
  }
}

const NO_PAIR = 'write each as name: value, one a line'

/** Lines that are no pairs, told where they were typed. */
export const brokenPairs = (values: Values, fields: readonly Field[]): FieldError[] =>
  fields
    .filter(({ type }) => type === 'pairs')
    .filter((field) => linesOf(values[fieldOf(field)] ?? '').some((line) => !line.includes(':')))
    .map(({ name }) => ({ path: `settings.${name}`, detail: NO_PAIR }))

/** Where the form has what the API calls so. */
const placeOf = ({ path, detail }: FieldError): FieldError => ({
  path: path
    .replace(/^settings\.(\w+)/, 'settings-$1')
    .replace(/^match\.severities/, 'severity')
    .replace(/^match\./, ''),
  detail,
})

const AGAIN = 'write it again: what is secret is not shown in a page'

/** The form as it was typed, with each mistake at its field. What is secret is not drawn again, and says so. */
export function refused(values: Values, fields: readonly Field[], errors: readonly FieldError[]): ChannelForm {
  const names = [...fields.map(fieldOf), 'when', ...OWN.slice(1)]
  const form = mistaken<string>(['name', ...names], values, errors.map(placeOf))
  const secrets = fields.filter((field) => field.isSecret && values[fieldOf(field)] !== '').map(fieldOf)
  return { values, errors: { ...Object.fromEntries(secrets.map((name) => [name, AGAIN])), ...form.errors } }
}
