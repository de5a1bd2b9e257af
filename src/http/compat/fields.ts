import type { Context } from 'hono'
import { type FieldError, invalid } from '../../domain/fault.ts'
import { readFields } from '../body.ts'

function wrongIn(fields: URLSearchParams, names: readonly string[]): FieldError[] {
  return names.flatMap((path) => {
    const { length } = fields.getAll(path)
    if (length === 1) return []
    return [{ path, detail: length === 0 ? 'is required' : 'is given more than once' }]
  })
}

/** The fields of a posted form by these names; others are left alone. Throws `invalid` for what is missing or there twice. */
export async function formOf<Name extends string>(c: Context, names: readonly Name[]): Promise<Record<Name, string>> {
  const fields = await readFields(c)
  const wrong = wrongIn(fields, names)
  if (wrong.length > 0) throw invalid(wrong)
  return Object.fromEntries(names.map((name) => [name, fields.get(name)])) as Record<Name, string>
}
