import { STATUS_CODES } from 'node:http'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type Fault, type FaultCode, TooFast } from '../domain/fault.ts'
import { type Duration, SECOND } from '../domain/time.ts'
import { API_HEADERS } from './api-headers.ts'

const STATUS: Record<FaultCode, ContentfulStatusCode> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  misdirected: 421,
  'over-capacity': 429,
  unavailable: 503,
}

/** How soon a caller may try again where nobody knows better. */
const RETRY_AFTER: Duration = 5 * SECOND

const retryAfter = (fault: Fault): string => String(Math.ceil((fault instanceof TooFast ? fault.wait : RETRY_AFTER) / SECOND))

export const statusOf = ({ code }: Fault): ContentfulStatusCode => STATUS[code]

/** RFC 9457: `type` stays about:blank, so `title` is the status in words and `detail` says what happened. */
export function problem(status: number, detail: string, extra: object = {}): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Problem', status, detail, ...extra }
  return new Response(JSON.stringify(body), { status, headers: { ...API_HEADERS, 'content-type': 'application/problem+json' } })
}

/** A fault as an answer; one that may pass says when to try again. */
export function problemOf(fault: Fault, extra: object = {}, headers: Readonly<Record<string, string>> = {}): Response {
  const errors = fault.errors.length > 0 ? { errors: fault.errors } : {}
  const response = problem(statusOf(fault), fault.message, { ...errors, ...extra })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  // RFC 9110 asks for it beside a 401.
  if (fault.code === 'unauthorized') response.headers.set('www-authenticate', 'Bearer')
  if (fault.code === 'over-capacity' || fault.code === 'unavailable') response.headers.set('retry-after', retryAfter(fault))
  return response
}
