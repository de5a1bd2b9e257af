import type { ClientAuth, Configuration } from 'openid-client'
import type { Role } from '../domain/access.ts'
import type { Log } from '../log.ts'

/** What this server and the identity provider know of each other. `redirectTo` is where it sends people back to. */
export type OidcSettings = {
  issuer: string
  clientId: string
  clientSecret: string | null
  role: Role
  name: string
  redirectTo: string
}

/** What the browser keeps between going there and coming back. */
export type Begun = { state: string; nonce: string; verifier: string }

/** Why it did not work: the provider does not answer, said no, what came back is not what was begun, or cannot be believed. */
export const SIGN_IN_TROUBLES = ['unreachable', 'refused', 'stale', 'invalid'] as const
export type SignInTrouble = (typeof SIGN_IN_TROUBLES)[number]

/** Signing in by an identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636). */
export type Oidc = {
  /** For people. */
  name: string
  /** Of people first seen. */
  role: Role
  /** Where to send the browser to. */
  begin(): Promise<{ url: string; begun: Begun } | SignInTrouble>
  /** `query`: what it came back with. `identity` is the same each time the same person comes. */
  finish(query: string, begun: Begun): Promise<{ identity: string; name: string } | SignInTrouble>
}

/** In seconds: nobody looks longer at a page that does not come. */
const PATIENCE = 5

/** Not needed where nobody signs in so: read when the first one does. */
const openid = () => import('openid-client')
type Client = Awaited<ReturnType<typeof openid>>

/** What is not said is basic (OpenID Connect Discovery 1.0, section 3). */
function clientAuth({ None, ClientSecretBasic, ClientSecretPost }: Client, secret: string | null): ClientAuth {
  if (secret === null) return None()
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (server, ...rest) => {
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const isPost = known.includes('client_secret_post') && !known.includes('client_secret_basic')
    return (isPost ? post : basic)(server, ...rest)
  }
}

async function discovered({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
  const client = await openid()
  const isPlain = issuer.startsWith('http:')
  return client.discovery(new URL(issuer), clientId, undefined, clientAuth(client, clientSecret), {
    timeout: PATIENCE,
    execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
  })
}

/** A provider that is down now is asked again by the next one who wants to sign in; one that has answered is not asked twice. */
function askedOnce(settings: OidcSettings): () => Promise<Configuration> {
  let known: Promise<Configuration> | null = null
  return () => {
    known ??= discovered(settings).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
}

/** `error` is the standard's word for what the provider did not like. */
function reasonOf(error: unknown): string {
  const { message, cause, error: word } = error as Error & { error?: unknown }
  return [message, ...(cause instanceof Error ? [cause.message] : []), ...(typeof word === 'string' ? [word] : [])].join(': ')
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '')

async function troubleOf(error: unknown): Promise<SignInTrouble> {
  const { AuthorizationResponseError, ResponseBodyError } = await openid()
  if (error instanceof AuthorizationResponseError) return 'refused'
  if (error instanceof ResponseBodyError) return error.error === 'invalid_grant' ? 'stale' : 'invalid'
  return error instanceof TypeError || /^OAUTH_(TIMEOUT|RESPONSE_IS_NOT_CONFORM)$/.test(codeOf(error)) ? 'unreachable' : 'invalid'
}

const text = (claim: unknown): string | null => (typeof claim === 'string' && claim.trim() !== '' ? claim : null)
const nameIn = (claims: Readonly<Record<string, unknown>>): string | null =>
  text(claims.preferred_username) ?? text(claims.name) ?? text(claims.email)

/** Some providers tell names only when they are asked for them; without one the person still is who they are. */
async function nameByAsking(configuration: Configuration, accessToken: string, subject: string): Promise<string | null> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return null
  const { fetchUserInfo } = await openid()
  return fetchUserInfo(configuration, accessToken, subject).then(nameIn, () => null)
}

export function anOidc(settings: OidcSettings, log: Log): Oidc {
  const { name, role, redirectTo } = settings
  const configuration = askedOnce(settings)

  /** The reason goes to the log, without what was sent: there are secrets in it. */
  const told = async (error: unknown, trouble?: SignInTrouble): Promise<SignInTrouble> => {
    const kind = trouble ?? (await troubleOf(error))
    const [code, reason] = [codeOf(error), reasonOf(error)]
    log.warn({ provider: settings.issuer, kind, code, reason }, 'signing in by the identity provider failed')
    return kind
  }

  const begin = async () => {
    const client = await openid()
    const begun = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
    const url = client.buildAuthorizationUrl(await configuration(), {
      redirect_uri: redirectTo,
      scope: 'openid profile email',
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    })
    return { url: url.href, begun }
  }

  const finish = async (query: string, { state, nonce, verifier }: Begun) => {
    if (new URLSearchParams(query).get('state') !== state) return 'stale'
    const [client, known] = [await openid(), await configuration()]
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier }
    const tokens = await client.authorizationCodeGrant(known, new URL(`${redirectTo}?${query}`), checks)
    const claims = tokens.claims()
    if (claims === undefined) return 'invalid'
    const said = nameIn(claims) ?? (await nameByAsking(known, tokens.access_token, claims.sub))
    return { identity: `oidc:${claims.iss}#${claims.sub}`, name: said ?? claims.sub }
  }

  return {
    name,
    role,
    begin: () => begin().catch((error: unknown) => told(error, 'unreachable')),
    finish: (query, begun) => finish(query, begun).catch((error: unknown) => told(error)),
  }
}
