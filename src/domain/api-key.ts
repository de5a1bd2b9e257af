import type { Key, Scope } from './access.ts'
import type { Millis } from './time.ts'

export const LONGEST_KEY_NAME = 64
/** As many as may live at a time: every node holds all of them in memory. */
export const MOST_KEYS = 1_000

/** An API key as it can be shown. The secret is told once and kept nowhere; `hint` is how it begins. `createdBy`: as the audit log names people. */
export type ApiKey = {
  id: number
  name: string
  hint: string
  scopes: readonly Scope[]
  /** The only environment that it is for; null for all. */
  env: string | null
  createdBy: string
  createdAt: Millis
  /** When it was used last, about a minute behind; null for never. */
  usedAt: Millis | null
}

export type KeyDraft = Pick<ApiKey, 'name' | 'scopes' | 'env'>

/** Who comes with the secret that has this hash. */
export type Holder = { hash: string; key: Key; usedAt: Millis | null }

export const KEY_NAME_RULE = `1 to ${LONGEST_KEY_NAME} characters that can be seen`
/** It stands in the audit log and in sentences: no line breaks, nothing invisible at its ends. */
export const isKeyName = (text: string): boolean =>
  text.trim() === text && text.length >= 1 && text.length <= LONGEST_KEY_NAME && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)
