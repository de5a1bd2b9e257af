import type { Person, Role } from '../domain/access.ts'
import type { Millis } from '../domain/time.ts'

export type People = {
  /** The person whom another system calls `identity`; who is new gets `name` (or the next free one like it) and `role`. Throws `forbidden` when they were ended. */
  byIdentity(identity: string, name: string, role: Role, at: Millis): Promise<Person>
}
