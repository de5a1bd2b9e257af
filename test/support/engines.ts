import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

export type EngineName = 'sqlite' | 'postgresql'
export const ENGINES: readonly EngineName[] = ['sqlite', 'postgresql']

/** Fresh databases of one engine; `stop` leaves nothing behind. */
export type TestEngine = { name: EngineName; url(): Promise<string>; open(): Promise<Store>; stop(): Promise<void> }

export async function startEngine(name: EngineName): Promise<TestEngine> {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-test-'))
  const postgres: TestPostgres | null = name === 'postgresql' ? await startPostgres() : null
  const open: Store[] = []
  let made = 0
  const url = async (): Promise<string> => {
    made += 1
    return postgres === null ? `file:${join(dir, `${made}.db`)}` : postgres.url(`test_${made}`)
  }
  return {
    name,
    url,
    open: async () => {
      const store = await openStore(await url(), (error) => {
        throw error
      })
      open.push(store)
      return store
    },
    stop: async () => {
      await Promise.allSettled(open.map((store) => store.close()))
      await postgres?.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
