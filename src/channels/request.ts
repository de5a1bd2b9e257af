import type { HttpRequest } from '../domain/message.ts'

/** A document posted as JSON, as most services take it. The charset is said: some read other letters wrong without it. */
export const jsonRequest = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpRequest => ({
  via: 'http',
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
})

const LONGEST_URL = 2_000

/** What is wrong with an address that we send to. */
export function checkUrl(text: string): string | null {
  if (!URL.canParse(text)) return 'has to be a whole address, like https://example.org/hook.'
  const { protocol, username, password } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return 'has to begin with https:// or http://.'
  return username + password === '' ? null : 'must not hold a name and password.'
}

/** The field of an address that we send to. `isSecret`: whoever knows it can send there, too. */
export const urlField = (label: string, hint: string, isSecret: boolean) =>
  ({ name: 'url', label, hint, type: 'url', isRequired: true, isSecret, longest: LONGEST_URL, check: checkUrl }) as const

/** One member of an answer in JSON; undefined where there is none. */
export function memberOf(body: string, name: string): unknown {
  try {
    const answer: unknown = JSON.parse(body)
    return typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined
  } catch {
    return undefined
  }
}

const LONGEST_WAIT = 86_400

/** Seconds as a service says them, as milliseconds; null where it says none. */
export const waitIn = (seconds: unknown): number | null =>
  typeof seconds === 'number' && seconds > 0 ? Math.ceil(Math.min(seconds, LONGEST_WAIT) * 1_000) : null
