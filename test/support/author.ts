import type { Author } from '../../src/domain/audit.ts'
import type { Millis } from '../../src/domain/time.ts'
import type { Declaring } from '../../src/services/declare.ts'

/** Whoever changes something in a test that does not ask who. */
export const BY: Author = { who: 'user:tester', address: '192.0.2.1' }

type Defaulted<Arguments extends unknown[]> = Arguments extends [...infer Rest, Author] ? [...Rest, by?: Author] : Arguments
/** The same with {@link BY} where no author is given. */
export type Signed = { [M in keyof Declaring]: (...given: Defaulted<Parameters<Declaring[M]>>) => ReturnType<Declaring[M]> }

type Method = (...given: unknown[]) => unknown

export const signed = (declaring: Declaring): Signed =>
  Object.fromEntries(
    Object.entries(declaring).map(([name, method]) => {
      const plain = method as Method
      return [name, (...given: unknown[]) => plain(...given, ...(given.length < plain.length ? [BY] : []))]
    }),
  ) as Signed

/** When they do, where it does not matter. */
export const SOMETIME: Millis = Date.parse('2026-03-01T00:00Z')
