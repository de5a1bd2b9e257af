import type { Field } from './kind.ts'
import { checkUrl } from './request.ts'

/** A check of {@link Field}: null, or what a text has to be. */
export const mustBe =
  (shape: RegExp, words: string) =>
  (text: string): string | null =>
    shape.test(text) ? null : `has to be ${words}.`

const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/
const NAMED = /^[^<>\p{C}]{0,100}<([^<>\s]+)>$/u

/** One mail address alone. */
export const mustBeAddress = mustBe(ADDRESS, 'a mail address like ops@example.org')

/** One mail address, perhaps with a name before it. */
export const mustBeSender = (text: string): string | null =>
  mustBeAddress(NAMED.exec(text)?.[1] ?? text) === null
    ? null
    : 'has to be a mail address like ops@example.org, or Affirmative <ops@example.org>.'

/** The bare address of a sender that {@link mustBeSender} lets pass. */
export const addressOf = (sender: string): string => NAMED.exec(sender)?.[1] ?? sender

const mustBeBase = (text: string): string | null => checkUrl(text) ?? (/[?#]/.test(text) ? 'must not hold a query.' : null)

/** Who gets a mail. */
export const recipientsField: Field = {
  name: 'to',
  label: 'To',
  hint: 'Addresses like ops@example.org',
  type: 'list',
  isRequired: true,
  isSecret: false,
  longest: 254,
  check: mustBeAddress,
}

/** Where a service is: for another region of it, or a proxy in front. */
export const baseUrlField = (usual: string): Field => ({
  name: 'baseUrl',
  label: 'Base URL',
  hint: `Where the service is, when not at ${usual}`,
  type: 'url',
  isRequired: false,
  isSecret: false,
  longest: 500,
  check: mustBeBase,
})

/** A base URL without slashes at its end. */
export const baseOf = (given: string | undefined, usual: string): string => (given ?? usual).replace(/\/+$/, '')
