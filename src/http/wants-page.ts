import type { Context } from 'hono'

/** Is a person with a browser on the other side? Programs that say nothing get JSON. */
export const wantsPage = (c: Context): boolean =>
  /\btext\/html\b/.test(c.req.header('accept') ?? '') && !/^\/(api|affirm)\//.test(c.req.path)
