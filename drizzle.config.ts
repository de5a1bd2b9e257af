import { defineConfig } from 'drizzle-kit'

const dialect = process.env.DIALECT === 'postgresql' ? 'postgresql' : 'sqlite'

export default defineConfig({
  dialect,
  schema: `./src/store/tables.${dialect === 'sqlite' ? 'sqlite' : 'postgres'}.ts`,
  out: `./migrations/${dialect}`,
})
