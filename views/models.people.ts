import type { Role } from '../src/domain/access.ts'
import type { Account, LinkKind, ListedLink, Session } from '../src/domain/people.ts'
import type { FormState, Frame } from './models.ts'

/** `trouble`: why they were not let in, in words. */
export type SignInField = 'name' | 'password'
export type SignInPage = {
  frame: Frame
  form: FormState<SignInField>
  to: string
  trouble: string | null
  /** What the identity provider is called; null where there is none. */
  provider: string | null
  hasPasswords: boolean
}

/** What a link asks for; `name` is fixed where it is for somebody's new password. */
export type WelcomeField = 'name' | 'password' | 'again'
export type WelcomePage = {
  frame: Frame
  kind: LinkKind
  role: Role
  name: string | null
  token: string
  form: FormState<WelcomeField>
}

/** Where a proxy lets people in: the role of who comes for the first time. Null where people sign in here. */
export type LetsIn = Role | null

/** A link that was just made: shown once. */
export type NewLink = { url: string; lasts: string }

/** `form`: see `FormId`. */
export type InviteField = 'role' | 'form'
export type PeoplePage = {
  frame: Frame
  people: readonly PersonView[]
  letsIn: LetsIn
  /** Links that nobody has used yet. */
  open: readonly ListedLink[]
  invite: FormState<InviteField>
  link: NewLink | null
}

/** `isAdminByProxy`: by the settings of the process, whatever role they were given. */
export type PersonView = Account & { isAdminByProxy: boolean }

/** `isMine`: the one by which the page was asked for. */
export type SessionView = Session & { isMine: boolean }
export type PersonPage = {
  frame: Frame
  person: PersonView
  letsIn: LetsIn
  sessions: readonly SessionView[]
  role: FormState<'role'>
  /** Of the link for a new password. */
  renew: FormState<'form'>
  link: NewLink | null
}

export type PasswordField = 'old' | 'password' | 'again'
export type MePage = {
  frame: Frame
  person: PersonView
  letsIn: LetsIn
  sessions: readonly SessionView[]
  change: FormState<PasswordField>
}

/** `what`: the page that has nothing to show where nobody is asked. */
export type OpenPage = { frame: Frame; what: string }
