import type { Context } from 'hono'
import type * as v from 'valibot'
import { Fault } from '../domain/fault.ts'
import { read } from './schema/read.ts'

/** The query by its schema; unknown names, wrong values and names given twice are refused. */
export function readQuery<S extends v.GenericSchema>(c: Context, schema: S): v.InferOutput<S> {
  const given = c.req.queries()
  const twice = Object.keys(given).find((name) => (given[name]?.length ?? 0) > 1)
  if (twice !== undefined)
    throw new Fault('invalid', `${twice}: is given more than once.`, [{ path: twice, detail: 'is given more than once' }])
  return read(schema, c.req.query())
}

/** A number in the path; what is none names nothing. */
export function idOf(c: Context, what: string): number {
  const text = c.req.param('id') ?? ''
  if (!/^\d{1,15}$/.test(text)) throw new Fault('not-found', `There is no ${what} "${text.slice(0, 40)}".`)
  return Number(text)
}
