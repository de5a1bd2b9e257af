import pg from 'pg'
import { startPostgres } from '../test/support/postgres.ts'
import type { Postgres } from './report.ts'

type Opened = { postgres: Postgres; close(): Promise<void> }

/** Databases of our own on the server of `url`, dropped at the end. */
export async function onServer(url: string): Promise<Opened> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const made: string[] = []
  return {
    postgres: {
      fresh: async () => {
        const name = `affirmative_bench_${process.pid}_${made.length}`
        await client.query(`create database ${name}`)
        made.push(name)
        const own = new URL(url)
        own.pathname = `/${name}`
        return own.href
      },
    },
    close: async () => {
      for (const name of made) await client.query(`drop database ${name} with (force)`)
      await client.end()
    },
  }
}

/** A PostgreSQL of its own that writes as safely as one that is used. */
export async function embedded(): Promise<Opened> {
  const server = await startPostgres({ isDurable: true })
  let made = 0
  return { postgres: { fresh: () => server.url(`bench_${made++}`) }, close: server.stop }
}
