import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const BYTES = 32
const SHAPE = /^[\w-]{43}$/

/** A secret that nobody guesses, as it stands in a cookie or a link. */
export const newToken = (): string => randomBytes(BYTES).toString('base64url')
export const isToken = (text: string): boolean => SHAPE.test(text)

/** What is kept of it. It needs no salt and no stretching: there are too many tokens to try. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

const signature = (nonce: string, person: number, kept: string): string =>
  createHmac('sha256', kept).update(`device ${person} ${nonce}`).digest('base64url')

/**
 * What a browser keeps to show later that this person has signed in with it. It is signed with the hash of their password: nothing has to be
 * stored, and with a new password it is void.
 */
export function deviceOf(person: number, kept: string): string {
  const nonce = newToken()
  return `${nonce}.${signature(nonce, person, kept)}`
}

/** Is it one of this person's? */
export function isDeviceOf(device: string, person: number, kept: string): boolean {
  const [nonce = '', given = '', ...rest] = device.split('.')
  // Nothing may follow: one cookie in many spellings would have as many tries.
  if (rest.length > 0 || !isToken(nonce) || !isToken(given)) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(signature(nonce, person, kept)))
}
