import type { BlockList } from 'node:net'
import type { Ask } from './config.ts'
import { type Auth, ROLES, type Role } from './domain/access.ts'

/** An identity provider that people may sign in by. Without a secret this server is a public client, which its proof of possession (PKCE) suffices for. */
export type OidcConfig = {
  issuer: string
  clientId: string
  clientSecret: string | null
  role: Role
  name: string
  /** Where it sends people back to. */
  redirectTo: string
}

/** What a proxy in front says of who it is. `admins`: as the proxy calls them. */
export type ProxyConfig = { header: string; role: Role; admins: ReadonlySet<string> }

type Known = { ask: Ask; problems: string[]; auth: Auth; publicUrl: string | null }

const HEADER = /^[A-Za-z0-9-]{1,64}$/
const ROLE_RULE = `write one of ${ROLES.join(', ')}`
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

const roleIn = (text: string): Role | undefined => ROLES.find((role) => role === text)
const any = (text: string): string => text
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )

/** Over plain http anybody on the way could say who signs in; on this machine nobody is on the way. */
function issuerIn(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, username, search, hash } = new URL(text)
  const isKept = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  return isKept && username === '' && search === '' && hash === '' ? text : undefined
}

/** Null where people do not sign in by another system. */
export function readOidc({ ask, problems, auth, publicUrl }: Known): OidcConfig | null {
  const issuer = ask<string | null>(
    'AFFIRMATIVE_OIDC_ISSUER',
    null,
    issuerIn,
    'write the address of the identity provider, with https:// (http:// only on this machine)',
  )
  const clientId = ask<string | null>('AFFIRMATIVE_OIDC_CLIENT_ID', null, any, '')
  const clientSecret = ask<string | null>('AFFIRMATIVE_OIDC_CLIENT_SECRET', null, any, '')
  const role = ask('AFFIRMATIVE_OIDC_ROLE', 'viewer', roleIn, ROLE_RULE)
  const name = ask<string | null>('AFFIRMATIVE_OIDC_NAME', null, any, '')
  if (issuer === null && clientId === null && clientSecret === null) return null
  const missing = [
    ...(issuer === null ? ['AFFIRMATIVE_OIDC_ISSUER – is missing or wrong: without it nobody can sign in by it'] : []),
    ...(clientId === null ? ['AFFIRMATIVE_OIDC_CLIENT_ID – write the id that the identity provider knows this server by'] : []),
    ...(publicUrl === null
      ? ['AFFIRMATIVE_URL – the identity provider sends people back to it: write the address of this server']
      : []),
    ...(auth === 'accounts'
      ? []
      : [`AFFIRMATIVE_AUTH=${auth} – nobody signs in then: set it to accounts, or leave AFFIRMATIVE_OIDC_… out`]),
  ]
  problems.push(...missing)
  if (issuer === null || clientId === null || publicUrl === null) return null
  return {
    issuer,
    clientId,
    clientSecret,
    role,
    name: name ?? new URL(issuer).host,
    redirectTo: `${publicUrl}/sign-in/oidc/callback`,
  }
}

/** Null where no proxy says who it is. */
export function readProxy({ ask, problems, auth }: Known, trusted: BlockList): ProxyConfig | null {
  const header = ask(
    'AFFIRMATIVE_PROXY_HEADER',
    'X-Forwarded-User',
    (text) => (HEADER.test(text) ? text : undefined),
    'write the name of a header',
  )
  const role = ask('AFFIRMATIVE_PROXY_ROLE', 'viewer', roleIn, ROLE_RULE)
  const admins = ask<ReadonlySet<string>>('AFFIRMATIVE_PROXY_ADMINS', new Set(), namesIn, '')
  if (auth !== 'proxy') return null
  if (trusted.rules.length === 0)
    problems.push(
      'AFFIRMATIVE_AUTH=proxy – set AFFIRMATIVE_TRUSTED_PROXIES to the addresses of the proxy: anybody could say who they are otherwise',
    )
  return { header, role, admins }
}
