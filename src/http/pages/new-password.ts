import type { FieldError } from '../../domain/fault.ts'
import { passwordProblem } from '../../domain/password.ts'
import type { Posted } from './form.ts'

/** What is wrong with a new password as it was typed twice. */
export function newPasswordErrors(posted: Posted, name: string): FieldError[] {
  const problem = passwordProblem(posted('password'), name)
  if (problem !== null) return [{ path: 'password', detail: problem }]
  return posted('password') === posted('again') ? [] : [{ path: 'again', detail: 'is not the same' }]
}
