import type { Context } from 'hono'
import type { FormState } from '../../../views/models.ts'
import { Fault, type FieldError } from '../../domain/fault.ts'
import { readFields } from '../body.ts'

/** What a form posted, by field name; a field that was not sent is an empty text. */
export type Posted = (field: string) => string

/** Reads an urlencoded form. Of a field in `several`, all that was ticked, with a space between. */
export async function readForm(c: Context, several: readonly string[] = []): Promise<Posted> {
  const fields = await readFields(c)
  return (field) => (several.includes(field) ? fields.getAll(field).join(' ') : (fields.get(field) ?? ''))
}

/** What was typed, so that nothing has to be typed twice. */
export const typed = <Field extends string>(fields: readonly Field[], posted: Posted): Record<Field, string> =>
  Object.fromEntries(fields.map((field) => [field, posted(field)])) as Record<Field, string>

/** A form as it was typed, with each mistake at its field; a mistake of no field of the form goes to the first one. */
export function mistaken<Field extends string>(
  fields: readonly [Field, ...Field[]],
  values: Record<Field, string>,
  errors: readonly FieldError[],
): FormState<Field> {
  const found: Partial<Record<Field, string>> = {}
  for (const { path, detail } of errors) {
    const field = fields.find((one) => path === one || path.startsWith(`${one}.`)) ?? fields[0]
    found[field] ??= detail
  }
  return { values, errors: found }
}

/** Runs what a form asks for; a mistake of the person's comes back as its errors, anything else is thrown on. */
export async function attempt<T>(work: () => Promise<T>): Promise<{ result: T } | { errors: readonly FieldError[] }> {
  try {
    return { result: await work() }
  } catch (error) {
    if (!(error instanceof Fault) || !(error.code === 'invalid' || error.code === 'conflict')) throw error
    return { errors: error.errors.length > 0 ? error.errors : [{ path: '', detail: error.message }] }
  }
}

/** `a, b c` → `['a', 'b', 'c']`. */
export const tagsOf = (text: string): string[] => text.split(/[\s,]+/).filter((tag) => tag !== '')
