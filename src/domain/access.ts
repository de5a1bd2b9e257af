/** What people may do, each including what the ones before it may: look, sign off, change what is expected, and everything. */
export const ROLES = ['viewer', 'signer', 'editor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** As a sentence says it. */
export const ROLE_WORDS: Record<Role, string> = { viewer: 'a viewer', signer: 'a signer', editor: 'an editor', admin: 'an admin' }

/** What an API key may do. `write` includes reading, `admin` includes everything. */
export const SCOPES = ['affirm', 'read', 'write', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** What a request asks for. `sign`: affirming as a person, by a form. */
export const PERMISSIONS = ['affirm', 'read', 'sign', 'write', 'admin'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** How a server knows who asks: not at all; people sign in; or a proxy in front of it says who it is. */
export const AUTHS = ['open', 'accounts', 'proxy'] as const
export type Auth = (typeof AUTHS)[number]

export type Person = { kind: 'person'; id: number; name: string; role: Role }
export type Key = { kind: 'key'; id: number; name: string; scopes: readonly Scope[]; env: string | null }
/** Who asks. `anyone` is whoever reaches the port of a server that asks nobody who they are. */
export type Actor = { kind: 'anyone' } | Person | Key

const OF_ROLE: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  signer: ['read', 'sign'],
  editor: ['read', 'sign', 'write'],
  admin: PERMISSIONS,
}
const OF_SCOPE: Record<Scope, readonly Permission[]> = {
  affirm: ['affirm'],
  read: ['read'],
  write: ['read', 'write'],
  admin: PERMISSIONS,
}

export const mayRole = (role: Role, permission: Permission): boolean => OF_ROLE[role].includes(permission)

/** May whoever asks do this? Of environments see {@link isOfEnv}. */
export function may(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'anyone') return true
  if (actor.kind === 'person') return mayRole(actor.role, permission)
  return actor.scopes.some((scope) => OF_SCOPE[scope].includes(permission))
}

/** A key may be for one environment alone. */
export const isOfEnv = (actor: Actor, env: string): boolean => actor.kind !== 'key' || actor.env === null || actor.env === env

/** Who it was, as it is written down: `user:ann`, `key:deploy`. Null where nobody was asked. */
export function nameOf(actor: Actor): string | null {
  if (actor.kind === 'anyone') return null
  return actor.kind === 'person' ? `user:${actor.name}` : `key:${actor.name}`
}
