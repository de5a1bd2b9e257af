import type { Actor, Key, Permission, Scope } from '../domain/access.ts'
import { may } from '../domain/access.ts'
import { Fault } from '../domain/fault.ts'
import type { Services } from './services.ts'

/** The two headers that may hold a key. */
export type KeyHeaders = { authorization: string | undefined; apiKey: string | undefined }

const BEARER = /^bearer(?: +(.*))?$/i
const NAME = 'Authorization: Bearer <API key>'

/** The secret that was sent; null for none. Other schemes than Bearer are not ours: a proxy in front may ask for them. */
function secretIn({ authorization, apiKey }: KeyHeaders): string | null {
  const bearer = authorization === undefined ? null : BEARER.exec(authorization)
  if (bearer !== null) return bearer[1]?.trim() ?? ''
  return apiKey?.trim() ?? null
}

/** Who sends the key in these headers; null when there is none. Throws `unauthorized` for a wrong one, whoever else may ask. */
export async function keyOf({ keys, clock }: Pick<Services, 'keys' | 'clock'>, headers: KeyHeaders): Promise<Key | null> {
  const secret = secretIn(headers)
  if (secret === null) return null
  const key = secret === '' ? null : await keys.holder(secret, clock.now())
  if (key !== null) return key
  throw new Fault(
    'unauthorized',
    secret === ''
      ? `The API key is empty: send ${NAME}. Is the variable set that should hold it?`
      : 'This API key is not known here: it is wrong, or it was revoked.',
  )
}

/** Who may affirm, as far as that is known without waiting; null leaves it to {@link keyOf} and the list of routes. */
export function quickAffirmer({ keys, clock, settings }: Services, headers: KeyHeaders): Actor | null {
  if (headers.authorization === undefined && headers.apiKey === undefined)
    return settings.auth === 'open' ? { kind: 'anyone' } : null
  const secret = secretIn(headers)
  const key = secret === null ? null : keys.known(secret, clock.now())
  return key !== null && may(key, 'affirm') ? key : null
}

/** The least scope that gives this permission; forms of people are for keys that may do everything. */
const scopeFor = (need: Permission): Scope => (need === 'sign' ? 'admin' : need)

export const lacksScope = ({ name, scopes }: Key, need: Permission): Fault =>
  new Fault(
    'forbidden',
    `The API key "${name}" may not do this: it needs the scope ${scopeFor(need)}, and has ${scopes.join(', ')}.`,
  )
