import type { Duration } from './time.ts'

export type FaultCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'method-not-allowed'
  | 'misdirected'
  | 'over-capacity'
  | 'unavailable'

/** One wrong field: `path` as the caller wrote it (`atLeast`, `where.path`, `3.at`), `detail` one sentence that says what would be right. */
export type FieldError = { path: string; detail: string }

/** A caller's mistake, or something we cannot do right now. Everything else that is thrown is a bug. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly errors: readonly FieldError[]

  constructor(code: FaultCode, message: string, errors: readonly FieldError[] = []) {
    super(message)
    this.name = 'Fault'
    this.code = code
    this.errors = errors
  }
}

/** Too often or too much at once; it may pass after `wait`. */
export class TooFast extends Fault {
  readonly wait: Duration

  constructor(message: string, wait: Duration) {
    super('over-capacity', message)
    this.wait = wait
  }
}

/** A fault about the fields of one input: every wrong one at once. */
export const invalid = (errors: readonly FieldError[]): Fault =>
  new Fault('invalid', errors.map(({ path, detail }) => (path === '' ? detail : `${path}: ${detail}`)).join('; '), errors)
