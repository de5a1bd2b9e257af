import type { Field, Values } from '../channels/kind.ts'
import { MASK } from '../domain/secret.ts'

/** One secret text in settings: `token`, one of a list `tokens.0`, one of pairs `headers.Authorization`. */
export type SecretText = { path: string; text: string }

/** The settings with each secret text changed. What is no text where one should be is never shown: `malformed` stands for it. */
export function mapSecrets(
  settings: Values,
  fields: readonly Field[],
  change: (secret: SecretText) => unknown,
  malformed: (value: unknown) => unknown = (value) => value,
): Values {
  const changed = (value: unknown, path: string) => (typeof value === 'string' ? change({ path, text: value }) : malformed(value))
  const entries = Object.entries(settings).map(([name, value]) => {
    const type = fields.find((field) => field.name === name && field.isSecret)?.type
    if (type === undefined) return [name, value]
    if (type === 'list' && Array.isArray(value)) return [name, value.map((one, i) => changed(one, `${name}.${i}`))]
    if (type !== 'pairs' || typeof value !== 'object' || value === null) return [name, changed(value, name)]
    return [name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, changed(one, `${name}.${key}`)]))]
  })
  return Object.fromEntries(entries)
}

export function secretsIn(settings: Values, fields: readonly Field[]): SecretText[] {
  const found: SecretText[] = []
  mapSecrets(settings, fields, (secret) => found.push(secret))
  return found
}

/** The same, where it takes time. */
export async function mapSecretsInTime(
  settings: Values,
  fields: readonly Field[],
  change: (secret: SecretText) => Promise<string> | string,
): Promise<Values> {
  const changed = new Map<string, string>()
  for (const secret of secretsIn(settings, fields)) changed.set(secret.path, await change(secret))
  return mapSecrets(settings, fields, ({ path }) => changed.get(path))
}

/** Lists in which a mask could mean another one than it stood for. */
export const shifted = (settings: Values, old: Values, fields: readonly Field[]): string[] =>
  fields
    .filter(({ name, type, isSecret }) => isSecret && type === 'list' && listIn(settings[name]).includes(MASK))
    .filter(({ name }) => listIn(settings[name]).length !== listIn(old[name]).length)
    .map(({ name }) => name)

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
