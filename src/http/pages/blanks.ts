import type { Context, Next } from 'hono'

/** A form with empty fields asks for `/?q=&env=`: the same page has a shorter address, and that is the one people send each other. */
export async function withoutBlanks(c: Context, next: Next): Promise<Response | undefined> {
  const { pathname, search } = new URL(c.req.url)
  const given = search.slice(1).split('&')
  const said = given.filter((parameter) => !/^[^=]*=$/.test(parameter))
  if (c.req.method !== 'GET' || said.length === given.length) {
    await next()
    return undefined
  }
  return c.redirect(said.length === 0 ? pathname : `${pathname}?${said.join('&')}`, 302)
}
