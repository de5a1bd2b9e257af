import type { HttpRequest } from '../../../src/domain/message.ts'

/** The fields of a form that was posted; undefined when it is none, or not UTF-8. */
export function formIn({ method, headers, body }: HttpRequest): URLSearchParams | undefined {
  const isForm = method === 'POST' && /^application\/x-www-form-urlencoded(;|$)/.test(headers['content-type'] ?? '')
  // Anything else was not encoded: a service reads it as it likes.
  return isForm && /^(?:[\w.*+&=-]|%[0-9A-F]{2})*$/i.test(body) && isUtf8(body) ? new URLSearchParams(body) : undefined
}

function isUtf8(body: string): boolean {
  try {
    return decodeURIComponent(body.replaceAll('+', ' ')) !== ''
  } catch {
    return false
  }
}

export const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
