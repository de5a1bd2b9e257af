import type { Person } from '../domain/access.ts'
import type { Author } from '../domain/audit.ts'
import { Fault } from '../domain/fault.ts'
import { asPerson, isPersonName, type Session } from '../domain/people.ts'
import { DAY, type Duration, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import { anAttempts } from './attempts.ts'
import type { Passwords } from './passwords.ts'
import { deviceOf, hashOf, isDeviceOf, isToken, newToken } from './secrets.ts'
import { type Found, rememberedSessions } from './session-cache.ts'

/** Where a session is used from: the peer's address, and what the browser calls itself. */
export type From = { address: string; agent: string }
/** `device` is what the browser kept when somebody signed in with it last; null for none. */
export type Credentials = { name: string; password: string; address: string; device: string | null }
/** `wrong` does not say which of the two: names of people are nobody's business. */
/** `proved`: what was kept of the password when it was right; what follows from it holds only while that is so. */
export type Proof = { kind: 'known'; person: Person; proved: string } | { kind: 'wrong' } | { kind: 'wait'; for: Duration }

export type SignIn = {
  /** Who has this name and this password. */
  prove(credentials: Credentials, at: Millis): Promise<Proof>
  /**
   * A new session of a person who has shown who they are. The token goes into the cookie and is kept nowhere else. Throws `conflict` where the
   * password that was `proved` is another one by now, or the person has ended.
   */
  begin(person: Pick<Person, 'id'>, from: From, at: Millis, proved?: string): Promise<string>
  /** Whose session it is, with their role as it is now; null where it has ended. Other nodes' changes hold within seconds, ours at once. */
  personOf(token: string, at: Millis): Promise<{ person: Person; session: number } | null>
  /** What a browser keeps to be no stranger when this person signs in with it again; null for who has no password. */
  device(person: Pick<Person, 'id'>): Promise<string | null>
  /** Ends the session of this token. */
  signOut(token: string): Promise<void>
  sessionsOf(person: number, at: Millis): Promise<Session[]>
  /** One of a person's sessions, or all but one. With an author it is noted. */
  end(person: number, which: { only: number } | { but: number | null }, by: Author | null, at: Millis): Promise<number>
  /** What is known of sessions is asked for anew: people were changed. */
  forget(): void
}

/** So long after it was used last, and after it began, a session ends. */
export const IDLE: Duration = 14 * DAY
export const LONGEST: Duration = 90 * DAY
const SEEN_EVERY: Duration = MINUTE
const MOST_SESSIONS = 50
const LONGEST_AGENT = 300

const isOver = ({ seenAt, createdAt }: Session, at: Millis): boolean => at - seenAt >= IDLE || at - createdAt >= LONGEST

const plainAgent = (agent: string): string => agent.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, LONGEST_AGENT)

export function aSignIn(store: Store, passwords: Passwords): SignIn {
  const attempts = anAttempts()
  const remembered = rememberedSessions()

  const find = async (hash: string, at: Millis): Promise<Found | null> => {
    const found = await store.findSession(hash)
    return found === null || isOver(found.session, at) ? null : { ...found, person: asPerson(found.account) }
  }

  /** A database that only reads has nobody signed out. */
  const see = (session: Session, at: Millis): Promise<void> => store.seeSession(session.id, at).catch(() => undefined)

  return {
    prove: async ({ name, password, address, device: shown }, at) => {
      const account = isPersonName(name) ? await store.findPersonNamed(name) : null
      const kept = account === null || account.endedAt !== null ? null : await store.passwordOf(account.id)
      const isKnown = account !== null && kept !== null && shown !== null && isDeviceOf(shown, account.id, kept)
      const attempt = { name, address, device: isKnown ? shown : null }
      const wait = attempts.begin(attempt, at)
      if (wait > 0) return { kind: 'wait', for: wait }
      const isRight = await attempts.alongFew(address, () => passwords.matches(password, kept))
      if (isRight === null) return { kind: 'wait', for: SECOND }
      if (!isRight || account === null || kept === null) return { kind: 'wrong' }
      attempts.succeeded(attempt, at)
      return { kind: 'known', person: asPerson(account), proved: kept }
    },

    device: async ({ id }) => {
      const kept = await store.passwordOf(id)
      return kept === null ? null : deviceOf(id, kept)
    },

    begin: async ({ id }, { address, agent }, at, proved) => {
      const token = newToken()
      const session = { hash: hashOf(token), personId: id, createdAt: at, address, agent: plainAgent(agent) }
      if (!(await store.beginSession(session, MOST_SESSIONS, proved)))
        throw new Fault('conflict', 'The password was changed at this very moment, or the access ended. Sign in again.')
      return token
    },

    personOf: async (token, at) => {
      if (!isToken(token)) return null
      const found = await remembered.find(hashOf(token), at, (hash) => find(hash, at))
      if (found === null || isOver(found.session, at)) return null
      if (at - found.session.seenAt >= SEEN_EVERY) {
        found.session.seenAt = at
        await see(found.session, at)
      }
      return { person: found.person, session: found.session.id }
    },

    signOut: async (token) => {
      await store.signOut(hashOf(token))
      remembered.forget()
    },

    sessionsOf: async (person, at) => (await store.sessionsOf(person)).filter((session) => !isOver(session, at)),

    end: async (person, which, by, at) => {
      const ended = await store.endSessions(person, which, by === null ? null : { at, by })
      remembered.forget()
      return ended
    },

    forget: remembered.forget,
  }
}
