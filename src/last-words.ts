import { ConfigError } from './config.ts'
import { inWords } from './log-errors.ts'
import { Refusal } from './store/open.ts'

/** What is said of an error that ends the program: what people can mend in words, a bug of ours with its stack. */
export function lastWords(error: unknown): string {
  if ((error as { code?: string }).code === 'EADDRINUSE')
    return 'The port is taken: stop the other program or set PORT to another one.'
  if (error instanceof ConfigError || error instanceof Refusal) return error.message
  return error instanceof Error ? inWords(error) : String(error)
}
