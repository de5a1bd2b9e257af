import { lastWords } from './last-words.ts'
import { serve } from './serve.ts'

serve(process.env).catch((error: unknown) => {
  process.stderr.write(`${lastWords(error)}\n`)
  process.exit(1)
})
