import type { Person, Role } from './access.ts'
import type { Millis } from './time.ts'

/** Somebody who may sign in, or could before. A name is never given again: the audit log and sign-offs speak of it. */
export type Account = {
  id: number
  name: string
  role: Role
  hasPassword: boolean
  /** Who it is to another system that says who people are; null where nobody else does. */
  identity: string | null
  createdAt: Millis
  endedAt: Millis | null
}

/** A browser in which somebody is signed in. */
export type Session = { id: number; personId: number; createdAt: Millis; seenAt: Millis; address: string; agent: string }

/** What a link that works once is for: making the first admin, joining with a role, choosing a new password. */
export type LinkKind = 'set-up' | 'invitation' | 'password'
/** `person`: whose password it is. */
export type Link = { kind: LinkKind; role: Role; person: number | null; createdBy: string; createdAt: Millis; expiresAt: Millis }

/** One in a list: never with what opens it. `name`: of whose password it is. */
export type ListedLink = Link & { id: number; name: string | null }

export const asPerson = ({ id, name, role }: Pick<Account, 'id' | 'name' | 'role'>): Person => ({
  kind: 'person',
  id,
  name,
  role,
})

const LONGEST_NAME = 64
/** What is not seen, or turns what is seen around: two names must not look like one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u
export const PERSON_RULE = `must be 1 to ${LONGEST_NAME} characters that can be seen, without spaces around them`

export const isPersonName = (text: string): boolean =>
  text !== '' && text === text.trim() && [...text].length <= LONGEST_NAME && !UNSEEN.test(text)

/** Names that fold to the same text are one name: Ann and ann. */
export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase()

/** A name as another system says it, made one that can be kept. */
export function cleanName(text: string): string {
  const seen = [...text.replace(new RegExp(UNSEEN, 'gu'), '').trim()]
  return (
    seen
      .slice(0, LONGEST_NAME - 4)
      .join('')
      .trim() || 'somebody'
  )
}

/** The name itself, or the first of "name 2", "name 3" … that nobody has. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 2, free = name; ; n += 1) {
    if (!taken.has(foldName(free))) return free
    free = `${name} ${n}`
  }
}
