import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

export type EngineName = 'sqlite' | 'postgresql'
export const ENGINES: readonly EngineName[] = ['sqlite', 'postgresql']

/** Fresh databases of one engine, with their tables but for `emptyUrl`; `stop` leaves nothing behind. */
export type TestEngine = {
  name: EngineName
  url(): Promise<string>
  emptyUrl(): Promise<string>
  /** A database that holds what this one holds, which nobody has open. */
  copyOf(url: string): Promise<string>
  open(): Promise<Store>
  at(url: string): Promise<Store>
  stop(): Promise<void>
}

const pathOf = (url: string): string => url.slice('file:'.length)

/** Copying a database takes less than half the time that its migrations take. */
const TEMPLATE = 'template_of_tests'

export async function startEngine(name: EngineName): Promise<TestEngine> {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-test-'))
  const postgres: TestPostgres | null = name === 'postgresql' ? await startPostgres() : null
  const open: Store[] = []
  let count = 0
  let isStopping = false
  const made = async (like?: string): Promise<string> => {
    count += 1
    if (postgres === null) return `file:${join(dir, `${count}.db`)}`
    return `${await postgres.url(`test_${count}`, like)}?connect_timeout=60`
  }
  const makeTemplate = async (): Promise<string> => {
    const store = await openStore((await postgres?.url(TEMPLATE)) ?? '', () => undefined)
    await store.close()
    return TEMPLATE
  }
  let template: Promise<string> | undefined
  const url = async (): Promise<string> => {
    if (postgres !== null) template ??= makeTemplate()
    return made(await template)
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
    emptyUrl: () => made(),
    copyOf: async (of) => {
      if (postgres !== null) return made(new URL(of).pathname.slice(1))
      const copy = await made()
      copyFileSync(pathOf(of), pathOf(copy))
      return copy
    },
    open: async () => at(await url()),
    stop: async () => {
      isStopping = true
      await Promise.allSettled(open.map((store) => store.close()))
      await postgres?.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
