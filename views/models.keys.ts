import type { Scope } from '../src/domain/access.ts'
import type { Millis } from '../src/domain/time.ts'
import type { FormState, Frame } from './models.ts'

/** `hint` is how its secret begins; `env` null is every environment. */
export type KeyRow = {
  id: number
  name: string
  hint: string
  scopes: readonly Scope[]
  env: string | null
  createdBy: string
  createdAt: Millis
  usedAt: Millis | null
}

/** `scopes` as words with a space between; `form`: see `FormId`. */
export type KeyField = 'name' | 'scopes' | 'env' | 'form'

export type KeysPage = {
  frame: Frame
  items: readonly KeyRow[]
  /** A cursor for `?cursor=`. */
  next: string | null
  envs: readonly string[]
  form: FormState<KeyField>
  /** The one that was just made: no other page ever shows its secret. */
  made: { name: string; secret: string } | null
}

export type RevokeKeyPage = { frame: Frame; apiKey: KeyRow }
