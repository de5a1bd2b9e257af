import type { Role } from '../domain/access.ts'
import type { Author, Change } from '../domain/audit.ts'
import type { Account, Link, Session } from '../domain/people.ts'
import type { Millis } from '../domain/time.ts'

/** When it is done and by whom, for the audit log. */
export type Stamp = Pick<Change, 'at' | 'by'>
export type NewPerson = { name: string; role: Role; identity: string }
export type NewSession = Omit<Session, 'id' | 'seenAt'> & { hash: string }
/** Nobody would be left who may do everything. */
export type Refused = 'last-admin'

/** What is asked of the database about people. Names are one name where they fold to the same text. Secrets come and go as hashes. */
export interface PeopleStore {
  /** All that ever were, by name. */
  people(): Promise<Account[]>
  findPerson(id: number): Promise<Account | null>
  findPersonNamed(name: string): Promise<Account | null>
  /** Null for who has none. */
  passwordOf(person: number): Promise<string | null>
  /** Whoever has this identity, ended or not; a new person with a free name like the one given where nobody has. */
  identified(person: NewPerson, stamp: Stamp): Promise<Account>
  /** Null when they have ended. */
  changeRole(person: number, role: Role, stamp: Stamp): Promise<Account | Refused | null>
  /** Their sessions end with them. Null when they have ended already. */
  endPerson(person: number, stamp: Stamp): Promise<Account | Refused | null>
  /** Ends all their sessions but `keep`, and makes their open links for a new password void. False when they have ended. */
  changePassword(person: number, password: string, keep: number | null, stamp: Stamp, proved?: string): Promise<boolean>

  /** A link for a set-up makes those before it void. */
  makeLink(hash: string, link: Link, by: Author): Promise<void>
  /** One that can still be used at `at`. */
  findLink(hash: string, at: Millis): Promise<Link | null>
  /** Does what the link is for, once; `gone` when it cannot be used (any more). A name that is taken leaves the link as it was. */
  useLink(
    hash: string,
    given: { name: string; password: string },
    at: Millis,
    address: string,
  ): Promise<Account | 'gone' | 'name-taken'>

  /** Ends the person's oldest where there would be more than `most`. */
  /** False when the person has ended, or their password is not the one that was `proved` any more. */
  beginSession(session: NewSession, most: number, proved?: string): Promise<boolean>
  /** With whose it is; those of people who have ended are none. */
  findSession(hash: string): Promise<{ session: Session; account: Account } | null>
  seeSession(id: number, at: Millis): Promise<void>
  /** Last seen first. */
  sessionsOf(person: number): Promise<Session[]>
  /** By its own hash: whoever has it may end it. */
  signOut(hash: string): Promise<void>
  /** One of a person's, or all but one; resolves to how many. With a stamp it is noted. */
  endSessions(person: number, which: { only: number } | { but: number | null }, stamp: Stamp | null): Promise<number>
  /** One small step: sessions seen last before `seen` or begun before `begun`, and links that ended before `begun`. False when nothing is left. */
  clearSessions(before: { seen: Millis; begun: Millis }, limit: number): Promise<boolean>
}
