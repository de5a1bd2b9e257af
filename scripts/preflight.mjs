import { existsSync } from 'node:fs'

if (!existsSync('node_modules/typescript')) {
  console.error('The packages are not installed yet. Run: npm ci && npm start')
  process.exit(1)
}
