import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'
const FEWEST_BYTES = 24
const MOST_BYTES = 64

/** A secret is bytes in base64 after `whsec_`, or a text that is taken as it is. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret)

/** The header `webhook-signature` of Standard Webhooks. `seconds`: the header `webhook-timestamp`. https://www.standardwebhooks.com */
export const signatureOf = (secret: string, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64')}`

/** What is wrong with a secret to sign with. */
export function checkSecret(secret: string): string | null {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(secret.slice(PREFIX.length))
  if (secret.startsWith(PREFIX) && !isBase64) return 'has to be base64 after whsec_.'
  const { length } = keyOf(secret)
  return length >= FEWEST_BYTES && length <= MOST_BYTES
    ? null
    : `has to have ${FEWEST_BYTES} to ${MOST_BYTES} bytes, and has ${length}.`
}
