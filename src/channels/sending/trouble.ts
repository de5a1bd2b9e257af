import type { Sent } from '../../domain/message.ts'
import { PrivateAddress } from './addresses.ts'

/** What the codes of Node.js, OpenSSL and undici mean, in words that follow the name of the host. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is a name that nobody knows',
  ENODATA: 'is a name without an address',
  EAI_AGAIN: 'could not be looked up: no name server answers',
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  UND_ERR_SOCKET: 'broke off the connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  EADDRNOTAVAIL: 'cannot be reached from here',
  ETIMEDOUT: 'did not take the connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not take the connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'did not begin to answer in time',
  TimeoutError: 'did not answer in time',
  HTTPParserError: 'does not answer in HTTP',
  AbortError: 'had not answered yet when this server stopped',
  UND_ERR_HEADERS_OVERFLOW: 'answers with more headers than are read',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  CERT_NOT_YET_VALID: 'has a certificate that is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that it signed itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that is signed by nobody known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate that is signed by nobody known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that is signed by nobody known here',
  EPROTO: 'speaks no TLS that is understood here',
}
/** What no other try changes: the request itself is none. */
const NOT_HTTP = ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']

/** Errors that are told by their names: they have no code, or one of many. */
const NAMED = ['TimeoutError', 'AbortError', 'HTTPParserError']

/** Of several addresses that were tried the first one's trouble; a code where there is one. */
function codeOf(error: unknown): string {
  const { code, name, errors } = error as { code?: unknown; name?: unknown; errors?: unknown[] }
  if (typeof name === 'string' && NAMED.includes(name)) return name
  if (typeof code === 'string') return code
  return errors?.[0] === undefined ? '' : codeOf(errors[0])
}

function wordsFor(code: string): string {
  if (/^(ERR_SSL_|ERR_TLS_)/.test(code)) return WORDS[code] ?? 'speaks no TLS that is understood here'
  return WORDS[code] ?? `could not be asked${code === '' ? '' : ` (${code})`}`
}

export const refused = (host: string, address: string): Sent => {
  const whose = host === address ? 'is' : `leads to ${address},`
  return {
    kind: 'never',
    said: `${host} ${whose} a private address; AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES would have to list it`,
  }
}

/** What became of a request that nobody answered. Of the address only the host is told: the rest may be secret, and so may what an error says of itself. */
export function troubleOf(error: unknown, host: string): Sent {
  if (error instanceof PrivateAddress) return refused(host, error.address)
  const code = codeOf(error)
  if (NOT_HTTP.includes(code)) return { kind: 'never', said: 'the method or a header is none that HTTP knows' }
  return { kind: 'again', said: `${host} ${wordsFor(code)}`, after: null }
}
