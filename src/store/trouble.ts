/** Codes of SQLite, of the network and of PostgreSQL that mean: the database cannot do it now, later it may. */
const PASSING =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|53|57P0|57014|55P03|25P03|40|25006)/
/** What the driver says without a code. */
const SAID =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/

/** Is this the database's trouble rather than a bug of ours? Looks through the wrappings. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && PASSING.test(code)) return true
  return SAID.test(error.message) || isDatabaseTrouble(error.cause)
}

/** A unique field of the row is another row's. */
export function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || isTaken(error.cause)
}

/** What the database said. A connection refused at several addresses says it in its parts only, a query builder repeats the statement instead. */
export function saidBy(error: unknown): string {
  if (error instanceof Error && error.message.startsWith('Failed query:') && error.cause !== undefined) return saidBy(error.cause)
  if (error instanceof AggregateError) return error.errors.map(saidBy).join('; ')
  return error instanceof Error ? error.message : String(error)
}
