import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { UndoView } from '../../../views/models.sign-off.ts'
import { may, nameOf } from '../../domain/access.ts'
import type { Affirmation } from '../../domain/affirmation.ts'
import { DAY } from '../../domain/time.ts'
import { isSignersName, sourceOf, UNDO, type Undoer } from '../../services/sign-off.ts'
import { actorIn, authorIn } from '../access.ts'
import type { Services } from '../services.ts'

const COOKIE = 'affirmative_name'
const A_YEAR = (365 * DAY) / 1_000

/** The name typed last in this browser, where nobody is asked who they are. */
export function rememberedName(c: Context): string {
  const name = nameOf(actorIn(c)) === null ? (getCookie(c, COOKIE) ?? '') : ''
  return isSignersName(name) ? name : ''
}

/** Who signs: whoever is signed in, who cannot be somebody else, or the name that was typed. Throws `invalid` for what is no name. */
export const signerOf = (c: Context, typed: string): string => nameOf(actorIn(c)) ?? sourceOf(typed)

/** So that it need not be typed again. */
export function rememberName(c: Context, typed: string): void {
  if (nameOf(actorIn(c)) !== null) return
  setCookie(c, COOKIE, typed.trim(), { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: A_YEAR })
}

/** Who takes back. Where nobody is asked who they are everybody may, under the name they gave last. */
export function undoerOf(c: Context, services: Services): Undoer {
  const by = authorIn(c, services)
  const name = rememberedName(c)
  return { source: name === '' ? by.who : `user:${name}`, mayAll: may(actorIn(c), 'admin'), by }
}

export const undoView =
  ({ source }: Undoer) =>
  ({ event, env, at, id, source: by }: Affirmation): UndoView => ({
    ...{ event, env, at, id, by },
    isMine: by === source,
    until: at + UNDO,
  })
