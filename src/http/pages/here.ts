import type { Context } from 'hono'
import { pathBack } from './own-path.ts'

/** Where a reader of this answer comes back to: this page, or the one whose form was sent. */
export function hereOf(c: Context): string {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return pathBack(pathname + search)
  const referer = c.req.header('referer') ?? ''
  if (!URL.canParse(referer)) return '/'
  const from = new URL(referer)
  return pathBack(from.pathname + from.search)
}
