import type { Person, Role } from '../domain/access.ts'
import type { Author } from '../domain/audit.ts'
import { Fault, type FieldError, invalid } from '../domain/fault.ts'
import { passwordProblem } from '../domain/password.ts'
import { type Account, asPerson, isPersonName, type Link, type ListedLink, PERSON_RULE } from '../domain/people.ts'
import { DAY, type Duration, type Millis } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import type { Passwords } from './passwords.ts'
import { hashOf, isToken, newToken } from './secrets.ts'

/** A link that can be used; `name` is that of whose password it is. */
export type OpenLink = Link & { name: string | null }

/** Links that work once. Whoever has the token has the right: it is told once and kept as a hash. */
export type Links = {
  /** Makes an admin where there is none. Null when there is one. */
  setUp(at: Millis): Promise<string | null>
  invite(role: Role, by: Author, at: Millis): Promise<string>
  /** Throws as {@link checkHasPassword} does. */
  newPassword(person: Account, by: Author, at: Millis): Promise<string>
  /** Null when there is none, or it was used, or it is too old. */
  find(token: string, at: Millis): Promise<OpenLink | null>
  /** Those that people wait with, newest first; without their tokens, which nobody has but them. */
  open(at: Millis): Promise<ListedLink[]>
  /** Nobody can use it from now on. Throws `not-found` when it cannot be used (any more). */
  withdraw(id: number, by: Author, at: Millis): Promise<void>
  /** Does what the link is for. Throws `invalid` or `conflict` for what was given, `not-found` when somebody was faster. */
  use(token: string, given: { name: string; password: string }, address: string, at: Millis): Promise<Person>
}

/** Throws `not-found` for who has ended, `conflict` for whom another system says who they are. */
export function checkHasPassword({ name, endedAt, hasPassword }: Account): void {
  if (endedAt !== null) throw new Fault('not-found', `${name} is not here any more.`)
  if (!hasPassword) throw new Fault('conflict', `${name} signs in elsewhere and has no password here.`)
}

const LASTS: Record<Link['kind'], Duration> = { 'set-up': DAY, invitation: 7 * DAY, password: DAY }
/** As many as a page lists. */
const MOST_LISTED = 200
const GONE = 'This link does not work: it was used, or it is too old. Whoever gave it to you can make another one.'

export function aLinks(store: Store, passwords: Passwords, onChange: () => void): Links {
  const make = async (link: Pick<Link, 'kind' | 'role' | 'person'>, by: Author, at: Millis): Promise<string> => {
    const token = newToken()
    const [createdAt, expiresAt] = [at, at + LASTS[link.kind]]
    await store.makeLink(hashOf(token), { ...link, createdBy: by.who, createdAt, expiresAt }, by)
    return token
  }

  const find = async (token: string, at: Millis): Promise<OpenLink | null> => {
    const link = isToken(token) ? await store.findLink(hashOf(token), at) : null
    if (link?.person == null) return link && { ...link, name: null }
    const person = await store.findPerson(link.person)
    return person === null || person.endedAt !== null ? null : { ...link, name: person.name }
  }

  return {
    setUp: async (at) => {
      if ((await store.people()).some(({ role, endedAt }) => role === 'admin' && endedAt === null)) return null
      return make({ kind: 'set-up', role: 'admin', person: null }, { who: 'start', address: '' }, at)
    },
    invite: (role, by, at) => make({ kind: 'invitation', role, person: null }, by, at),
    newPassword: async (account, by, at) => {
      checkHasPassword(account)
      return make({ kind: 'password', role: account.role, person: account.id }, by, at)
    },
    find,
    open: (at) => store.openLinks(at, MOST_LISTED),
    withdraw: async (id, by, at) => {
      if ((await store.withdrawLink(id, { at, by })) === null)
        throw new Fault('not-found', `There is no open link ${id}: it was used or withdrawn, or it is too old.`)
    },
    use: async (token, given, address, at) => {
      const link = await find(token, at)
      if (link === null) throw new Fault('not-found', GONE)
      const name = link.name ?? given.name
      check(name, given.password)
      // A name that is taken is told before the costly part; the store looks again.
      if (link.name === null && (await store.findPersonNamed(name)) !== null) throw taken(name)
      const used = await store.useLink(hashOf(token), { name, password: await passwords.hash(given.password) }, at, address)
      if (used === 'gone') throw new Fault('not-found', GONE)
      if (used === 'name-taken') throw taken(name)
      onChange()
      return asPerson(used)
    },
  }
}

const taken = (name: string): Fault => {
  const detail = `there is or was somebody called "${name}"; take another name`
  return new Fault('conflict', `name: ${detail}.`, [{ path: 'name', detail }])
}

function check(name: string, password: string): void {
  const problem = passwordProblem(password, name)
  const errors: FieldError[] = isPersonName(name) ? [] : [{ path: 'name', detail: PERSON_RULE }]
  if (problem !== null) errors.push({ path: 'password', detail: problem })
  if (errors.length > 0) throw invalid(errors)
}
