import type { Key } from '../domain/access.ts'
import { type ApiKey, type Holder, type KeyDraft, MOST_KEYS } from '../domain/api-key.ts'
import type { Author } from '../domain/audit.ts'
import { Fault } from '../domain/fault.ts'
import { type Duration, MINUTE, type Millis, SECOND } from '../domain/time.ts'
import type { Loop } from '../loop.ts'
import type { Store } from '../store/store.ts'
import { hashOf, hintOf, isSecret, newSecret } from './key-secret.ts'

/** How soon this node knows of keys that others revoked. */
const BETWEEN_LOADS: Duration = 5 * SECOND
/** How often the use of one key is written down. */
const BETWEEN_NOTES: Duration = MINUTE
/** Unknown secrets that are looked up in the database between two loads: whoever sends others has to wait for the next. */
const MOST_LOOKED_UP = 50

export type Keys = {
  /** `secret` is told here and never again. Throws `conflict` when there are too many, or a living one has the name. */
  make(draft: KeyDraft, by: Author, at: Millis): Promise<ApiKey & { secret: string }>
  /** Throws `not-found` when it was revoked already, or never was. */
  revoke(id: number, by: Author, at: Millis): Promise<void>
  /** A living one. Throws `not-found`. */
  find(id: number): Promise<ApiKey>
  /** Whose secret this is, as far as this node knows: without a look at the database. Notes that the key was used. */
  known(secret: string, at: Millis): Key | null
  /** The same, and asks the database for what is not known here. Throws `unavailable` when that cannot be told. */
  holder(secret: string, at: Millis): Promise<Key | null>
  /** Knows what other nodes made and revoked, and writes down which keys were used. */
  loop: Loop
  /** Writes down all that were used. */
  flush(): Promise<void>
}

type Known = Holder & { notedAt: Millis | null }

const later = (a: Millis | null, b: Millis | null): Millis | null => (a === null || (b !== null && b > a) ? b : a)
const unknownKey = (id: number): Fault => new Fault('not-found', `There is no API key ${id}, or it was revoked.`)

const nameTaken = (name: string): Fault => {
  const detail = `a living key is called "${name}" already; take another name, or revoke that one first`
  return new Fault('conflict', `name: ${detail}.`, [{ path: 'name', detail }])
}

export function aKeys(store: Pick<Store, 'createKey' | 'findKey' | 'revokeKey' | 'holders' | 'holderOf' | 'useKeys'>): Keys {
  let known = new Map<string, Known>()
  /** Of unknown hashes, since the last load. */
  let lookUps = new Map<string, Promise<Holder | null>>()
  /** How many this node made and revoked. */
  let changes = 0

  /** What is read knows less of its use than we do. */
  const remember = (holders: Map<string, Known>, found: Holder): void => {
    const usedAt = later(known.get(found.hash)?.usedAt ?? null, found.usedAt)
    holders.set(found.hash, { ...found, usedAt, notedAt: found.usedAt })
  }

  const load = async (): Promise<'more' | 'idle'> => {
    const before = changes
    try {
      const holders = await store.holders()
      if (before !== changes) return 'more'
      const loaded = new Map<string, Known>()
      for (const holder of holders) remember(loaded, holder)
      known = loaded
      return 'idle'
    } finally {
      lookUps = new Map()
    }
  }

  const lookUp = async (hash: string): Promise<Holder | null> => {
    const before = changes
    const found = await store.holderOf(hash)
    if (found !== null && before === changes) remember(known, found)
    return found
  }

  const lookUpOnce = (hash: string): Promise<Holder | null> => {
    const asked = lookUps.get(hash)
    if (asked !== undefined) return asked
    if (lookUps.size >= MOST_LOOKED_UP) return Promise.resolve(null)
    const found = lookUp(hash)
    lookUps.set(hash, found)
    return found
  }

  /** What was read before is old from now on. */
  const changed = (): void => {
    changes += 1
    lookUps = new Map()
  }

  const note = async (isTime: (one: Known) => boolean): Promise<void> => {
    const used = [...known.values()].flatMap((one) =>
      one.usedAt !== null && one.usedAt !== one.notedAt && isTime(one) ? [{ one, id: one.key.id, at: one.usedAt }] : [],
    )
    if (used.length === 0) return
    await store.useKeys(used.map(({ id, at }) => ({ id, at })))
    for (const { one, at } of used) one.notedAt = at
  }

  const find = (hash: string, at: Millis): Key | null => {
    const found = known.get(hash)
    if (found === undefined) return null
    found.usedAt = at
    return found.key
  }

  return {
    make: async ({ name, scopes, env }, by, at) => {
      const secret = newSecret()
      const made = await store.createKey({ name, scopes, env, hash: hashOf(secret), hint: hintOf(secret), createdAt: at }, by)
      if (made === 'too-many') throw new Fault('conflict', `There are ${MOST_KEYS} API keys already; revoke those not in use.`)
      if (made === 'name-taken') throw nameTaken(name)
      changed()
      remember(known, { hash: hashOf(secret), key: { kind: 'key', id: made.id, name, scopes, env }, usedAt: null })
      return { ...made, secret }
    },

    revoke: async (id, by, at) => {
      const isRevoked = await store.revokeKey(id, at, by)
      changed()
      for (const [hash, { key }] of known) if (key.id === id) known.delete(hash)
      if (!isRevoked) throw unknownKey(id)
    },

    find: async (id) => {
      const found = await store.findKey(id)
      if (found === null) throw unknownKey(id)
      return found
    },

    known: (secret, at) => (isSecret(secret) ? find(hashOf(secret), at) : null),

    holder: async (secret, at) => {
      if (!isSecret(secret)) return null
      const hash = hashOf(secret)
      const here = find(hash, at)
      if (here !== null) return here
      const found = await lookUpOnce(hash)
      return found === null ? null : (find(hash, at) ?? found.key)
    },

    loop: {
      name: 'keys',
      pause: () => BETWEEN_LOADS,
      tick: async (now) => {
        const left = await load()
        await note(({ notedAt }) => notedAt === null || now - notedAt >= BETWEEN_NOTES)
        return left
      },
    },

    flush: () => note(() => true),
  }
}
