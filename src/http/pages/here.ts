import type { Context } from 'hono'

/** Only its path and query count; the name stands for whatever host this server has. */
const SOMEWHERE = 'http://here.invalid'
const LONGEST = 2_000

/** A path on this server: what leads elsewhere, or is none, leads to the board. What was just done is not done again by coming back. */
export function ownPath(address: string): string {
  // Browsers read `\` as `/`, and leave out tabs and line ends: `/\evil.example` leads away.
  if (!address.startsWith('/') || /[\\\s]/.test(address) || address.length > LONGEST) return '/'
  const url = URL.canParse(address, SOMEWHERE) ? new URL(address, SOMEWHERE) : null
  if (url === null || url.origin !== SOMEWHERE || url.pathname.startsWith('//')) return '/'
  url.searchParams.delete('done')
  return url.pathname + url.search
}

/** Where a reader of this answer comes back to: this page, or the one whose form was sent. */
export function hereOf(c: Context): string {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return ownPath(pathname + search)
  const referer = c.req.header('referer') ?? ''
  if (!URL.canParse(referer)) return '/'
  const from = new URL(referer)
  return ownPath(from.pathname + from.search)
}
