import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

export type EngineName = 'sqlite' | 'postgresql'
export const ENGINES: readonly EngineName[] = ['sqlite', 'postgresql']

/** Fresh databases of one engine; `stop` leaves nothing behind. */
export type TestEngine = {
  name: EngineName
  url(): Promise<string>
  open(): Promise<Store>
  at(url: string): Promise<Store>
  stop(): Promise<void>
}

export async function startEngine(name: EngineName): Promise<TestEngine> {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-test-'))
  const postgres: TestPostgres | null = name === 'postgresql' ? await startPostgres() : null
  const open: Store[] = []
  let made = 0
  let isStopping = false
  const url = async (): Promise<string> => {
    made += 1
    return postgres === null ? `file:${join(dir, `${made}.db`)}` : `${await postgres.url(`test_${made}`)}?connect_timeout=60`
  }
  const at = async (place: string): Promise<Store> => {
    // A closed pool's connections may still be on their way out when the server goes: that is no trouble.
    const store = await openStore(place, (error) => {
      if (!isStopping) throw error
    })
    open.push(store)
    return store
  }
  return {
    name,
    url,
    at,
    open: async () => at(await url()),
    stop: async () => {
      isStopping = true
      await Promise.allSettled(open.map((store) => store.close()))
      await postgres?.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
