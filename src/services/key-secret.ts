import { hash } from 'node:crypto'
import { customAlphabet } from 'nanoid'

/** 40 of 62 letters and digits: 238 bits of chance. What nobody can guess needs no slow hash to be kept. */
const random = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 40)
const SHAPE = /^ak_[0-9A-Za-z]{40}$/
const LONGEST_HINT = 7

export const newSecret = (): string => `ak_${random()}`
/** Could it be a secret of ours? What could not needs no look-up. */
export const isSecret = (text: string): boolean => SHAPE.test(text)
/** As much of it as may be shown, to tell keys apart. */
export const hintOf = (secret: string): string => secret.slice(0, LONGEST_HINT)
/** What is kept of it: SHA-256 in hex. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'hex')
