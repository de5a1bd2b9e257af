import { STATUS_CODES } from 'node:http'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Fault, FaultCode } from '../domain/fault.ts'

const STATUS: Record<FaultCode, ContentfulStatusCode> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  'over-capacity': 429,
  unavailable: 503,
}

/** How soon a caller may try again, in seconds. */
const RETRY_AFTER = '5'

export const statusOf = ({ code }: Fault): ContentfulStatusCode => STATUS[code]

/** RFC 9457: `type` stays about:blank, so `title` is the status in words and `detail` says what happened. */
export function problem(status: number, detail: string, extra: object = {}): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Problem', status, detail, ...extra }
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })
}

/** A fault as an answer; one that may pass says when to try again. */
export function problemOf(fault: Fault, extra: object = {}, headers: Readonly<Record<string, string>> = {}): Response {
  const errors = fault.errors.length > 0 ? { errors: fault.errors } : {}
  const response = problem(statusOf(fault), fault.message, { ...errors, ...extra })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  // RFC 9110 asks for it beside a 401.
  if (fault.code === 'unauthorized') response.headers.set('www-authenticate', 'Bearer')
  if (fault.code === 'over-capacity' || fault.code === 'unavailable') response.headers.set('retry-after', RETRY_AFTER)
  return response
}
