import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Paged } from '../store/store.ts'

/** What is sent, and where it ends up when a browser asks: `file` is the name it is saved under. */
type Form<T> = { type: string; file?: string; head?: string; tail?: string; write: (item: T) => string }

/** All pages of a list, read from the store as the reader takes them. */
export function streamPages<T>(
  { type, file, head = '', tail = '', write }: Form<T>,
  read: (cursor: string | null) => Promise<Paged<T>>,
): Response {
  let cursor: string | null = null
  let isFirst = true
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { items, next } = await read(cursor)
      // Others in between: a fast reader would have the server for itself.
      await nextTurn()
      const text = `${isFirst ? head : ''}${items.map(write).join('')}${next === null ? tail : ''}`
      if (text !== '') controller.enqueue(encoder.encode(text))
      if (next === null) controller.close()
      isFirst = false
      cursor = next
    },
  })
  const headers = new Headers({ 'content-type': `${type}; charset=utf-8` })
  if (file !== undefined) headers.set('content-disposition', `attachment; filename="${file}"`)
  return new Response(stream, { headers })
}

export const NDJSON = 'application/x-ndjson'
export const CSV = 'text/csv'
