import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { ProblemPage } from '../../../views/pages/problem.tsx'
import type { Services } from '../services.ts'
import { frameOf } from './frame.ts'
import { setPageHeaders } from './page-headers.ts'

type Problem = { status: number; title: string; detail: string }

/** What the status asks to stand beside it. */
const KEPT = ['allow', 'retry-after', 'www-authenticate']

/** The same problem as a page. */
export async function problemPage(c: Context, services: Services, response: Response): Promise<Response> {
  const { status, title, detail } = (await response.json()) as Problem
  setPageHeaders(c)
  for (const name of KEPT) {
    const value = response.headers.get(name)
    if (value !== null) c.header(name, value)
  }
  const page = { frame: await frameOf(c, services), status, title, detail }
  return c.html(ProblemPage({ page }), status as ContentfulStatusCode)
}
