import type { Context } from 'hono'
import type * as v from 'valibot'
import { Fault, type FieldError } from '../domain/fault.ts'
import { read } from './schema/read.ts'

/** Names that the query gives more than once. */
export const namedTwice = (query: Record<string, string[]>): FieldError[] =>
  Object.entries(query)
    .filter(([, values]) => values.length > 1)
    .map(([path]) => ({ path: path.slice(0, 60), detail: 'is given more than once' }))

/** The query by its schema; unknown names, wrong values and names given twice are refused. */
export function readQuery<S extends v.GenericSchema>(c: Context, schema: S): v.InferOutput<S> {
  return read(schema, c.req.query(), namedTwice(c.req.queries()))
}

/** A number in the path; what is none names nothing. */
export function idOf(c: Context, what: string): number {
  const text = c.req.param('id') ?? ''
  if (!/^\d{1,15}$/.test(text)) throw new Fault('not-found', `There is no ${what} "${text.slice(0, 40)}".`)
  return Number(text)
}
