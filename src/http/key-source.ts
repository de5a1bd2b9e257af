import type { Auth } from '../domain/access.ts'
import { Fault, type FieldError, invalid } from '../domain/fault.ts'

const OF_PEOPLE = 'user:'
const MINE = {
  path: 'source',
  detail: `begins with ${OF_PEOPLE}, which only a person who signs in may say: name the program or host that affirms`,
}

/** What is wrong with a source that a program says: where people sign in, it would be taken for the sign-off of one of them. */
export const wrongSource = (auth: Auth, source: string | undefined): FieldError[] =>
  auth !== 'open' && source?.startsWith(OF_PEOPLE) ? [MINE] : []

/** One of several affirmations that a program sends, or the fault that rejects it alone. */
export function signedByNobody<T extends { source: string }>(auth: Auth, asked: T | Fault): T | Fault {
  if (asked instanceof Fault) return asked
  const wrong = wrongSource(auth, asked.source)
  return wrong.length === 0 ? asked : invalid(wrong)
}
