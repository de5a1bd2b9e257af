import type { Person, Role } from '../domain/access.ts'
import type { Author } from '../domain/audit.ts'
import { Fault, invalid } from '../domain/fault.ts'
import { passwordProblem } from '../domain/password.ts'
import { type Account, asPerson, cleanName } from '../domain/people.ts'
import type { Millis } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import type { Passwords } from './passwords.ts'

export type People = {
  /** Everybody who ever was, by name. */
  all(): Promise<Account[]>
  /** Throws `not-found`. */
  person(id: number): Promise<Account>
  /** Throws `conflict` for the last one who may do everything, `not-found` for who has ended. */
  changeRole(id: number, role: Role, by: Author, at: Millis): Promise<Account>
  end(id: number, by: Author, at: Millis): Promise<Account>
  /** Ends all their other sessions. Whoever asks has proved the old one. Throws `invalid` for what cannot be one. */
  changePassword(
    person: Person,
    given: { password: string; proved: string },
    session: number,
    by: Author,
    at: Millis,
  ): Promise<void>
  /** The person whom another system calls `identity`; who is new gets `name` (or the next free one like it) and `role`. Throws `forbidden` when they were ended. */
  byIdentity(identity: string, name: string, role: Role, at: Millis): Promise<Person>
}

const LONGEST_IDENTITY = 500
const LAST_ADMIN = 'somebody has to be admin: make another one first'
const unknown = (id: number): Fault => new Fault('not-found', `There is no person ${id}.`)

function changed(account: Account | 'last-admin' | null, id: number): Account {
  if (account === null) throw new Fault('not-found', `The person ${id} is not here any more.`)
  if (account === 'last-admin') throw new Fault('conflict', `role: ${LAST_ADMIN}.`, [{ path: 'role', detail: LAST_ADMIN }])
  return account
}

/** `onChange` hears when somebody may be somebody else by now: what is known of sessions is old. */
export function aPeople(store: Store, passwords: Passwords, onChange: () => void): People {
  const done = <T>(result: T): T => {
    onChange()
    return result
  }

  return {
    all: () => store.people(),

    person: async (id) => {
      const found = await store.findPerson(id)
      if (found === null) throw unknown(id)
      return found
    },

    changeRole: async (id, role, by, at) => done(changed(await store.changeRole(id, role, { at, by }), id)),

    end: async (id, by, at) => done(changed(await store.endPerson(id, { at, by }), id)),

    changePassword: async ({ id, name }, { password, proved }, session, by, at) => {
      const problem = passwordProblem(password, name)
      if (problem !== null) throw invalid([{ path: 'password', detail: problem }])
      if (!done(await store.changePassword(id, await passwords.hash(password), session, { at, by }, proved)))
        throw new Fault('conflict', 'The password was changed at this very moment by somebody else who knew it.')
    },

    byIdentity: async (identity, name, role, at) => {
      if (identity === '' || identity.length > LONGEST_IDENTITY)
        throw new Fault('invalid', `An identity has 1 to ${LONGEST_IDENTITY} characters.`)
      const known = await store.identified({ identity, name: cleanName(name), role }, { at, by: { who: 'sign-in', address: '' } })
      if (known.endedAt !== null) throw new Fault('forbidden', `${known.name} may not sign in here any more.`)
      return asPerson(known)
    },
  }
}
