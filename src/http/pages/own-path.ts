const SHAPE = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/
/** Signing in again, out, or affirming is nothing to come back to. */
const NO_PAGE = /^\/(sign-in|sign-out|welcome|live|affirm)(\/|\?|$)/
const LONGEST = 2_000
/** Only the path and the query count; the name stands for whatever host this server has. */
const HERE = 'http://here.invalid'

/** The address on this server; null for another server's in any disguise, which must not be followed. */
function onThisServer(text: string): URL | null {
  if (text.length > LONGEST || !SHAPE.test(text) || !URL.canParse(text, HERE)) return null
  const url = new URL(text, HERE)
  return url.origin === HERE && !url.pathname.startsWith('//') ? url : null
}

/** Where a browser may be sent after signing in; the board for what is no page of this server. */
export function ownPath(text: string): string {
  const url = onThisServer(text)
  return url !== null && !NO_PAGE.test(url.pathname) ? text : '/'
}

/** The page that a form was on, to come back to. What was just done there is not done again. */
export function pathBack(text: string): string {
  const url = onThisServer(text)
  url?.searchParams.delete('done')
  return url === null ? '/' : url.pathname + url.search
}
