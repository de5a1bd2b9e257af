import type { Field, Values } from '../channels/kind.ts'
import type { ChannelSettings } from '../domain/channel.ts'
import type { FieldError } from '../domain/fault.ts'
import { MASK, referenceIn } from '../domain/secret.ts'

const MOST_IN_LIST = 50
const LONGEST_NAME = 100

const error = (path: string, detail: string): FieldError => ({ path: `settings.${path}`, detail })
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''

/** What no database keeps as it is; in one line of text nothing that cannot be seen. */
function unkept({ type }: Field, text: string): string | null {
  if (/[\0\p{Cs}]/u.test(text)) return 'must not hold a NUL character, nor half of a surrogate pair'
  return type !== 'lines' && /\p{Cc}/u.test(text) ? 'must be one line' : null
}

/** The mask stands for a secret that is stored, a reference for one that is elsewhere: neither looks like it. */
const standsForSecret = ({ isSecret }: Field, text: string): boolean => isSecret && (text === MASK || referenceIn(text) !== null)

function textError(field: Field, value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a text'
  if (value.length > field.longest) return `at most ${field.longest.toLocaleString('en')} characters`
  return unkept(field, value) ?? (standsForSecret(field, value) ? null : (field.check?.(value) ?? null))
}

function listErrors(field: Field, value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [error(field.name, 'must be a list of texts')]
  if (value.length === 0 && field.isRequired) return [error(field.name, 'at least one')]
  if (value.length > MOST_IN_LIST) return [error(field.name, `at most ${MOST_IN_LIST}`)]
  return value.flatMap((one, i) => {
    const detail = one === '' ? 'is empty' : textError(field, one)
    return detail === null ? [] : [error(`${field.name}.${i}`, detail)]
  })
}

function nameError({ checkName }: Field, name: string): string | null {
  if (name === '' || name.length > LONGEST_NAME) return `a name has 1 to ${LONGEST_NAME} characters`
  return /[\p{Cc}\p{Cs}]/u.test(name) ? 'a name must not hold control characters' : (checkName?.(name) ?? null)
}

function pairErrors(field: Field, value: unknown): FieldError[] {
  if (!isObject(value)) return [error(field.name, 'must be an object of names with texts')]
  const pairs = Object.entries(value)
  if (pairs.length > MOST_IN_LIST) return [error(field.name, `at most ${MOST_IN_LIST}`)]
  const names = pairs.map(([name]) => name.toLowerCase())
  return pairs.flatMap(([name, text], i) => {
    const isTwice = names.indexOf(name.toLowerCase()) < i
    const detail = isTwice ? 'is there already, written another way' : (nameError(field, name) ?? textError(field, text))
    return detail === null ? [] : [error(`${field.name}.${name.slice(0, 60)}`, detail)]
  })
}

function fieldErrors(field: Field, value: unknown): FieldError[] {
  if (isBlank(value)) return field.isRequired ? [error(field.name, 'is required')] : []
  if (field.type === 'list') return listErrors(field, value)
  if (field.type === 'pairs') return pairErrors(field, value)
  const detail = textError(field, value)
  return detail === null ? [] : [error(field.name, detail)]
}

/** Every mistake in settings as somebody sent them, by the fields of their kind. */
export function settingsErrors(settings: unknown, fields: readonly Field[]): FieldError[] {
  if (!isObject(settings)) return [{ path: 'settings', detail: 'must be an object' }]
  const known = fields.map(({ name }) => name)
  const unknown = Object.keys(settings)
    .filter((name) => !known.includes(name))
    .slice(0, MOST_IN_LIST)
    .map((name) => error(name.slice(0, 60), `is not a known field; known are ${known.join(', ')}`))
  return [...unknown, ...fields.flatMap((field) => fieldErrors(field, settings[field.name]))]
}

/** Settings without mistakes as they are kept: what was left empty is left out, and they stand in the order of the fields. */
export const keptSettings = (settings: Values, fields: readonly Field[]): Values =>
  Object.fromEntries(fields.flatMap(({ name }) => (isBlank(settings[name]) ? [] : [[name, settings[name]]])))

const holdsMask = (value: unknown): boolean =>
  value === MASK || (typeof value === 'object' && value !== null && Object.values(value).includes(MASK))

/** A stored secret goes to no other place than the one it was given for: whoever changes the address has to know it. */
export function movedSecrets(settings: Values, old: ChannelSettings, fields: readonly Field[]): FieldError[] {
  const isKept = ({ name, isSecret }: Field) => settings[name] === old[name] || (isSecret && settings[name] === MASK)
  if (fields.every((field) => field.type !== 'url' || isKept(field))) return []
  return fields
    .filter(({ name, isSecret }) => isSecret && holdsMask(settings[name]))
    .map(({ name }) => error(name, 'the address is another one: write the secret again'))
}
