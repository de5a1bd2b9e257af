import * as v from 'valibot'
import { type FieldError, invalid } from '../../domain/fault.ts'

const pathOf = (issue: v.BaseIssue<unknown>): string => v.getDotPath(issue) ?? ''

function detailOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object') return issue.message
  if (issue.expected === 'never') return 'is not a known field'
  if (issue.expected === 'Object') return 'must be an object'
  return 'is required'
}

/** Reads an input by its schema; throws a fault that tells every wrong field at once. */
export function read<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  // A list passes for an object with no fields.
  if (Array.isArray(input)) throw invalid([{ path: '', detail: 'must be an object, not a list' }])
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  throw invalid(result.issues.map((issue): FieldError => ({ path: pathOf(issue), detail: detailOf(issue) })))
}
