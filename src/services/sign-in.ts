import type { Person } from '../domain/access.ts'
import type { Millis } from '../domain/time.ts'

/** Where a session is used from: the peer's address, and what the browser calls itself. */
export type From = { address: string; agent: string }

export type SignIn = {
  /** A new session of a person who has shown who they are. The token goes into the cookie and is kept nowhere else. */
  begin(person: Pick<Person, 'id'>, from: From, at: Millis): Promise<string>
  /** Whose session it is, with their role as it is now; null where it has ended. Other nodes' changes hold within seconds, ours at once. */
  personOf(token: string, at: Millis): Promise<{ person: Person; session: number } | null>
}
