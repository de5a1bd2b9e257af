import { MASK } from '../../domain/secret.ts'
import type { Field, Values } from '../kind.ts'
import { formsOf } from './secret-forms.ts'

/** What is shorter is in many a word by chance: hiding it would spoil what is said, and a secret of three characters is guessed anyway. It is kept as any other. */
const SHORTEST_SECRET = 4
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f]/g

/** What was answered, fit to be kept and shown: without the channel's secrets, which some services repeat, and without what no text may hold. */
export function forPeople(said: string, settings: Values, fields: readonly Field[]): string {
  const secrets = fields.filter(({ isSecret }) => isSecret).flatMap(({ name }) => textsIn(settings[name]).flatMap(formsOf))
  const hidden = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length)
    .reduce((text, secret) => text.replace(inAnyCase(secret), MASK), said)
  // Half a character, from where an answer was cut, cannot be stored.
  return Buffer.from(hidden.replace(UNPRINTABLE, ' ')).toString()
}

/** The digits of `%2f` and `\u00fc` are written both ways. */
const inAnyCase = (secret: string): RegExp => new RegExp(secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi')

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
