import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'hono'
import type { Paged } from '../store/store.ts'
import { API_HEADERS } from './api-headers.ts'
import { peerOf } from './peer.ts'
import type { Services } from './services.ts'

export const NDJSON = 'application/x-ndjson'
export const CSV = 'text/csv'

/** What is sent, and where it ends up when a browser asks: `file` is the name it is saved under. */
type Form<T> = { type: string; file?: string | undefined; head?: string; tail?: string; write: (item: T) => string }

/**
 * All pages of a list, a few thousand items each at most, read from the store as the reader takes them. Each address may take a few at once.
 * Throws `TooFast`.
 */
export function streamPages<T>(
  c: Context,
  { limits, clock, settings }: Services,
  form: Form<T>,
  read: (cursor: string | null) => Promise<Paged<T>>,
): Response {
  const ended = limits.export(peerOf(c, settings.trustedProxies), clock.now())
  const headers = new Headers({ ...API_HEADERS, 'content-type': `${form.type}; charset=utf-8` })
  if (form.file !== undefined) headers.set('content-disposition', `attachment; filename="${form.file}"`)
  if (c.req.method !== 'HEAD') return new Response(streamOf(textsOf(form, read), ended), { headers })
  ended()
  return new Response(null, { headers })
}

async function* textsOf<T>({ head = '', tail = '', write }: Form<T>, read: (cursor: string | null) => Promise<Paged<T>>) {
  if (head !== '') yield head
  for (let cursor: string | null = null; ; ) {
    const { items, next }: Paged<T> = await read(cursor)
    yield items.map(write).join('')
    if (next === null) break
    cursor = next
  }
  if (tail !== '') yield tail
}

/** `ended` is called however it ends: read whole, broken by the store, or left by its reader. */
function streamOf(texts: AsyncIterator<string>, ended: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await texts.next()
        // Others in between: a fast reader would have the server for itself.
        await nextTurn()
        if (done !== true) return controller.enqueue(encoder.encode(value))
        controller.close()
        ended()
      } catch (error) {
        ended()
        throw error
      }
    },
    cancel: ended,
  })
}
