import { writeSync } from 'node:fs'
import { openStore } from '../../src/store/open.ts'

// A node that freezes while it judges, `node freezing.ts URL HORIZON LIMIT`: what it claimed stays held by its transaction.
const [url = '', horizon, limit] = process.argv.slice(2)
const store = await openStore(url, () => undefined)
await store.concludeOwed(Number(horizon), Number(horizon), Number(limit), () => {
  writeSync(1, 'frozen')
  process.kill(process.pid, 'SIGSTOP')
  return []
})
