import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { ProblemPage } from '../../../views/pages/problem.tsx'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'

type Problem = { status: number; title: string; detail: string }

/** Is a person with a browser on the other side? Programs that say nothing get JSON. */
export const wantsPage = (c: Context): boolean =>
  /\btext\/html\b/.test(c.req.header('accept') ?? '') && !/^\/(api|affirm)\//.test(c.req.path)

/** The same problem as a page. */
export async function problemPage(c: Context, services: Services, response: Response): Promise<Response> {
  const { status, title, detail } = (await response.json()) as Problem
  const page = { frame: await frameOf(c, services), status, title, detail }
  return c.html(ProblemPage({ page }), status as ContentfulStatusCode)
}
