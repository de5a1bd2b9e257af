import { nanoid } from 'nanoid'
import { Fault, invalid } from '../../domain/fault.ts'
import { type Duration, HOUR, type Millis } from '../../domain/time.ts'

/** Does what a form asks for, unless a form with this id did it before. Throws `invalid` for what is no id of ours, `conflict` the second time. */
export type Once = <T>(id: string, at: Millis, work: () => Promise<T>) => Promise<T>

const KEPT: Duration = HOUR
const MOST_KEPT = 5_000
const isFormId = (text: string): boolean => /^[\w-]{21}$/.test(text)

/** What a form is known by when it comes back; a page that is drawn again has another one. */
export const newFormId = (): string => nanoid()

const NO_ID = 'this form was not drawn by this server; send it again from the page as it is now'
const AGAIN = 'This was made already; what was shown then is not shown again. Send the form again to make another one.'

/** For forms whose answer is the page with a secret: a reload sends them again. Each node knows its own, the newest {@link MOST_KEPT} for an hour. */
export function aOnce(): Once {
  const used = new Map<string, Millis>()

  const forget = (at: Millis): void => {
    for (const [id, since] of used) {
      if (used.size < MOST_KEPT && at - since < KEPT) return
      used.delete(id)
    }
  }

  return async (id, at, work) => {
    if (!isFormId(id)) throw invalid([{ path: 'form', detail: NO_ID }])
    const since = used.get(id)
    if (since !== undefined && at - since < KEPT) throw new Fault('conflict', AGAIN, [{ path: 'form', detail: AGAIN }])
    forget(at)
    used.set(id, at)
    try {
      return await work()
    } catch (error) {
      // Nothing was made: it may be tried again.
      used.delete(id)
      throw error
    }
  }
}
