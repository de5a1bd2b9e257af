import type { Context } from 'hono'
import type { Paged } from '../../store/store.ts'
import type { Services } from '../services.ts'
import { streamPages } from '../stream.ts'

/** One JSON list or object, however long: `write` gives an element, or a member with its name. Throws `TooFast`. */
export function streamJson<T>(
  c: Context,
  services: Services,
  brackets: '[]' | '{}',
  write: (item: T) => string,
  read: (cursor: string | null) => Promise<Paged<T>>,
): Response {
  let comma = ''
  const apart = (item: T): string => {
    const text = comma + write(item)
    comma = ','
    return text
  }
  const [head = '', tail = ''] = brackets
  return streamPages(c, services, { type: 'application/json', head, tail, write: apart }, read)
}

/** `"name":value`. */
export const member = (name: string, value: unknown): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`
