/** What the program says to its operator; pino has this shape. Never pass it a secret or a value that a client sent. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
