import type { Field, Kind } from '../../src/channels/kind.ts'
import type { ChannelSettings } from '../../src/domain/channel.ts'
import { MASK } from '../../src/domain/secret.ts'
import type { Kinds, Secrets } from '../../src/services/channels.ts'

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: `The ${name}`,
  hint: `what ${name} is`,
  type: 'text',
  isRequired: false,
  isSecret: false,
  longest: 200,
  ...more,
})
const isAddress = (text: string) => (URL.canParse(text) ? null : 'has to be a whole address')

const kind = (label: string, fields: readonly Field[]): Kind => ({
  label,
  fields,
  render: () => [],
  judge: () => ({ kind: 'sent', said: '' }),
})

/** Little kinds with a field of every type. */
export const SOME_KINDS: Kinds = {
  ntfy: kind('ntfy', [
    field('url', { type: 'url', isRequired: true, check: isAddress }),
    field('token', { isSecret: true, check: (text) => (text.startsWith('tk_') ? null : 'begins with tk_') }),
    field('headers', { type: 'pairs', isSecret: true, checkName: (name) => (name === 'host' ? 'must not be host' : null) }),
  ]),
  email: kind('Email', [
    field('to', { type: 'list', isRequired: true, check: (text) => (text.includes('@') ? null : 'has to be an address') }),
    field('body', { type: 'lines', longest: 2_000 }),
  ]),
  slack: kind('Slack', [field('url', { type: 'url', isRequired: true, isSecret: true, check: isAddress })]),
}

const SEALED = 'sealed:'
const each = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  return Object.fromEntries(Object.entries(value as object).map(([name, text]) => [name, change(String(text))]))
}
const mapped = (settings: ChannelSettings, fields: readonly Field[], change: (name: string, value: unknown) => unknown) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      fields.some((one) => one.name === name && one.isSecret) ? change(name, value) : value,
    ]),
  )

/** Seals by writing a word before it; a mask keeps all of what was there. */
export const PLAIN_SECRETS: Secrets = {
  seal: async (settings, fields, old = {}) =>
    mapped(settings, fields, (name, value) =>
      JSON.stringify(value).includes(MASK) ? old[name] : each(value, (text) => SEALED + text),
    ),
  masked: (settings, fields) => mapped(settings, fields, (_, value) => each(value, () => MASK)),
}
