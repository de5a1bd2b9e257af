import { createHash, createHmac } from 'node:crypto'
import type { HttpRequest } from '../../../src/domain/message.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/

const sorted = (query: URLSearchParams): string =>
  [...query]
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .sort()
    .join('&')

/**
 * Whether a request bears the right signature of version 4, worked out here by what AWS documents ("Create a signed AWS API request") and not by the
 * library that made it. `headers` with `host`, as they arrive.
 */
export function isSigned(request: HttpRequest, secret: string, scope: { region: string; service: string }): boolean {
  const parts = HEADER.exec(request.headers.authorization ?? '')
  if (parts === null) return false
  const [, , day = '', region = '', service = '', names = '', signature] = parts
  const date = request.headers['x-amz-date'] ?? ''
  const must = ['host', 'x-amz-date', 'x-amz-target'].filter((name) => name in request.headers)
  const isWhole = must.every((name) => names.split(';').includes(name)) && date.startsWith(day)
  if (!isWhole || region !== scope.region || service !== scope.service) return false
  const { pathname, searchParams } = new URL(request.url, 'http://fake')
  const headers = names.split(';').map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`)
  const canonical = [request.method, pathname, sorted(searchParams), headers.join(''), names, sha256(request.body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`)
  return hmac(key, toSign).toString('hex') === signature
}
