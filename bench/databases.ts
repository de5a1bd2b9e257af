import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../test/support/postgres.ts'
import { pathOf } from './raw.ts'

/** Where databases of our own are made. URLs as `DATABASE_URL` takes them. */
export type Databases = {
  isPostgres: boolean
  /** An empty one, without tables. */
  fresh(): Promise<string>
  /** An equal one of a database that nobody has open. */
  copy(url: string): Promise<string>
  drop(url: string): Promise<void>
  /** Drops what is left. */
  close(): Promise<void>
}

/** Files in the folder, which is removed with them by whoever made it. */
export function asFiles(dir: string): Databases {
  let made = 0
  const fresh = () => `file:${join(dir, `${made++}.db`)}`
  return {
    isPostgres: false,
    fresh: async () => fresh(),
    copy: async (url) => {
      const copied = fresh()
      copyFileSync(pathOf(url), pathOf(copied))
      return copied
    },
    drop: async (url) => {
      for (const end of ['', '-wal', '-shm', '.lock']) rmSync(pathOf(url) + end, { force: true })
    },
    close: async () => undefined,
  }
}

/** On the server of `url`: never in a database that is there already, whatever it holds. Its user must be allowed to make some. */
export async function onServer(url: string): Promise<Databases> {
  const client = new pg.Client({ connectionString: url })
  // A server that goes away is told by the next statement.
  client.on('error', () => undefined)
  await client.connect()
  const made = new Map<string, string>()
  const make = async (from = ''): Promise<string> => {
    const name = `affirmative_bench_${process.pid}_${made.size}`
    await client.query(`create database ${name} ${from}`)
    const own = new URL(url)
    own.pathname = `/${name}`
    made.set(own.href, name)
    return own.href
  }
  const remove = (name: string) => client.query(`drop database if exists ${name} with (force)`)
  return {
    isPostgres: true,
    fresh: () => make(),
    copy: (from) => make(`template ${made.get(from)}`),
    drop: async (own) => void (await remove(made.get(own) ?? '')),
    close: async () => {
      for (const name of made.values()) await remove(name)
      await client.end()
    },
  }
}

/** A PostgreSQL of our own that writes as safely as one that is used. */
export async function embedded(): Promise<Databases> {
  const server = await startPostgres({ isDurable: true })
  const databases = await onServer(await server.url('bench'))
  return { ...databases, close: () => databases.close().finally(server.stop) }
}
