import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../src/clock.ts'

export const CLIENT = { id: 'affirmative', secret: 'a secret: with/odd&signs' }

type Claims = { sub: string } & Record<string, unknown>
type Grant = { nonce: string; challenge: string; redirectTo: string }

/** A small identity provider that does what the standard asks; its fields say who signs in, and what it does wrong. */
export type IdentityProvider = {
  issuer: string
  /** Of who signs in next. */
  claims: Claims
  /** Told only to who asks with the access token. */
  moreClaims: Record<string, unknown>
  /** Says no, with this error, to who comes next. */
  refuses: string | null
  /** In place of the one that was sent. */
  nonce: string | null
  /** Signs with a key that nobody was told. */
  isForger: boolean
  /** Answers nothing but 503. */
  isDown: boolean
  /** Requests by path. */
  asked: Record<string, number>
  close(): Promise<void>
}

const json = (res: ServerResponse, status: number, body: unknown): void =>
  void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

async function bodyOf(req: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of req) text += String(chunk)
  return new URLSearchParams(text)
}

/** Both are written as forms write them (RFC 6749, section 2.3.1). */
function isOurClient(authorization: string | undefined): boolean {
  const [id, secret] = Buffer.from((authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
  const shown = new URLSearchParams(`id=${id}&secret=${secret}`)
  return shown.get('id') === CLIENT.id && shown.get('secret') === CLIENT.secret
}

const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString('base64url')

/** A signed JWT (RFC 7519) of this key. */
function signed(claims: object, key: KeyObject): string {
  const text = `${part({ alg: 'RS256', kid: 'one' })}.${part(claims)}`
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
}

const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const [keys, forged] = [newKeys(), newKeys()]
  const grants = new Map<string, Grant>()

  const authorize = (url: URL, res: ServerResponse): void => {
    const said = (name: string) => url.searchParams.get(name) ?? ''
    const back = new URL(said('redirect_uri'))
    back.searchParams.set('state', said('state'))
    if (made.refuses !== null) back.searchParams.set('error', made.refuses)
    else {
      const code = randomBytes(16).toString('hex')
      grants.set(code, { nonce: said('nonce'), challenge: said('code_challenge'), redirectTo: said('redirect_uri') })
      back.searchParams.set('code', code)
    }
    res.writeHead(302, { location: back.href }).end()
  }

  const idToken = (nonce: string): string => {
    const iat = Math.floor(systemClock.now() / 1_000)
    const claims = { iss: made.issuer, aud: CLIENT.id, iat, exp: iat + 300, nonce: made.nonce ?? nonce, ...made.claims }
    return signed(claims, (made.isForger ? forged : keys).privateKey)
  }

  /** A code counts once, for who shows what its challenge was made of (RFC 7636). */
  const token = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const posted = await bodyOf(req)
    const code = posted.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    if (!isOurClient(req.headers.authorization)) return json(res, 401, { error: 'invalid_client' })
    const challenge = createHash('sha256')
      .update(posted.get('code_verifier') ?? '')
      .digest('base64url')
    if (grant === undefined || grant.challenge !== challenge || grant.redirectTo !== posted.get('redirect_uri'))
      return json(res, 400, { error: 'invalid_grant' })
    json(res, 200, {
      access_token: 'the-access-token',
      token_type: 'Bearer',
      expires_in: 60,
      id_token: idToken(grant.nonce),
    })
  }

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', made.issuer)
    made.asked[url.pathname] = (made.asked[url.pathname] ?? 0) + 1
    if (made.isDown) return json(res, 503, {})
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(res, 200, {
          issuer: made.issuer,
          authorization_endpoint: `${made.issuer}/authorize`,
          token_endpoint: `${made.issuer}/token`,
          jwks_uri: `${made.issuer}/jwks`,
          userinfo_endpoint: `${made.issuer}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/jwks':
        return json(res, 200, { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] })
      case '/authorize':
        return authorize(url, res)
      case '/token':
        return token(req, res)
      case '/userinfo':
        return json(res, 200, { sub: made.claims.sub, ...made.moreClaims })
      default:
        return json(res, 404, {})
    }
  }

  const server: Server = createServer((req, res) => void answer(req, res)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made: IdentityProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    claims: { sub: '1' },
    moreClaims: {},
    refuses: null,
    nonce: null,
    isForger: false,
    isDown: false,
    asked: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return made
}
