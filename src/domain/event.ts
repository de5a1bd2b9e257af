import type { Millis } from './time.ts'

/** A named thing that should happen. */
export type Event = {
  id: number
  key: string
  name: string
  description: string
  tags: readonly string[]
  createdAt: Millis
}

export const NAME_SHAPE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/
/** New keys are written without the look-alikes 0 O o 1 I l, so that one read aloud or from paper is found again. */
export const KEY_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz'
export const KEY_SHAPE = /^af_[0-9A-Za-z]{8}$/
export const TAG_SHAPE = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/
export const ENV_SHAPE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
export const MOST_TAGS = 20
export const LONGEST_DESCRIPTION = 2_000

export const NAME_RULE = 'a name is 1 to 128 of A-Z a-z 0-9 _ . : - and starts with a letter or a digit'
export const KEY_RULE = 'a key is af_ and 8 of 0-9 A-Z a-z'
export const TAG_RULE = 'a tag is 1 to 64 of A-Z a-z 0-9 _ . : / - and starts with a letter or a digit'
export const ENV_RULE = 'an env is 1 to 64 of A-Z a-z 0-9 _ . - and starts with a letter or a digit'

export const isName = (text: string): boolean => NAME_SHAPE.test(text)
export const isKey = (text: string): boolean => KEY_SHAPE.test(text)
export const isEnv = (text: string): boolean => ENV_SHAPE.test(text)
