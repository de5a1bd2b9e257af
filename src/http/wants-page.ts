import type { Context } from 'hono'
import { isForPrograms } from './for-programs.ts'

/** Is a person with a browser on the other side? Programs that say nothing get JSON. */
export const wantsPage = (c: Context): boolean =>
  /\btext\/html\b/.test(c.req.header('accept') ?? '') && !isForPrograms(c.req.path) && !c.req.path.startsWith('/affirm/')
