/** Where a browser may be sent after signing in. */
const SHAPE = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/
/** Signing in again, out, or affirming is nothing to come back to. */
const NO_PAGE = /^\/(sign-in|sign-out|welcome|live|affirm)(\/|\?|$)/
const LONGEST = 2_000
const HERE = 'http://here.invalid'

/** A path of this server; the board for all else: another server's address in any disguise must not be followed. */
export function ownPath(text: string): string {
  if (text.length > LONGEST || !SHAPE.test(text) || !URL.canParse(text, HERE)) return '/'
  const { origin, pathname } = new URL(text, HERE)
  return origin === HERE && !pathname.startsWith('//') && !NO_PAGE.test(pathname) ? text : '/'
}
