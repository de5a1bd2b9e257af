import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Fault } from '../domain/fault.ts'

/** Bytes of a server key (AES-256). */
export const KEY_BYTES = 32

const PREFIX = 'sealed:v1:'
const CIPHER = 'aes-256-gcm'
/** As NIST SP 800-38D, 8.2.2, wants chance ones: good for 2^32 secrets of one key. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

export const isSealed = (text: string): boolean => text.startsWith(PREFIX)

/** `sealed:v1:` and base64url of nonce, ciphertext and tag. It opens only where it was sealed: under the same `field`. */
export function sealText(text: string, field: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(field))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${PREFIX}${sealed.toString('base64url')}`
}

/** Throws a fault when it was sealed by another key, for another field, or is damaged: nobody can tell which. */
export function openText(sealed: string, field: string, key: Buffer): string {
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(field))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString()
  } catch {
    throw new Fault(
      'unavailable',
      `The stored ${field} cannot be opened: it was sealed by another key than this server has, or is damaged. Give it the key it had, or write the secret again.`,
    )
  }
}
