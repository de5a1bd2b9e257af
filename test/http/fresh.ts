import { after, before, beforeEach } from 'node:test'
import type { Store } from '../../src/store/store.ts'
import { type Api, anApi } from '../support/api.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'

/** A Wednesday. */
export const NOW = '2026-03-04T09:14:12Z'

export type Item = Record<string, unknown>
export type List = { items: Item[]; nextCursor?: string }
export type Tally = { accepted: number; duplicates: number; rejected: { index: number; detail: string }[] }

export type Fresh = {
  world: World
  api: Api
  open(): Promise<Store>
  /** Of one event, newest first. */
  affirmations(event: string, query?: string): Promise<Item[]>
  /** Names in the list of events. */
  names(query?: string): Promise<unknown[]>
}

/** A fresh world on SQLite for each test of the suite that calls this. */
export function fresh(options: Parameters<typeof aWorld>[2] = {}): Fresh {
  let engine: TestEngine
  const made = {
    open: () => engine.open(),
    affirmations: async (event: string, query = '') =>
      (await made.api.get<List>(`/api/v1/events/${event}/affirmations${query}`)).body.items,
    names: async (query = '') => (await made.api.get<List>(`/api/v1/events${query}`)).body.items.map(({ name }) => name),
  } as Fresh
  before(async () => {
    engine = await startEngine('sqlite')
  })
  beforeEach(async () => {
    made.world = aWorld(await engine.open(), NOW, options)
    made.api = anApi(made.world)
  })
  after(() => engine.stop())
  return made
}

/** All pages of a list, one after the other. */
export async function allPages(api: Api, path: string, limit: number): Promise<Item[]> {
  const items: Item[] = []
  const query = `${path.includes('?') ? '&' : '?'}limit=${limit}`
  for (let cursor = ''; ; ) {
    const page = (await api.get<List>(`${path}${query}${cursor}`)).body
    items.push(...page.items)
    if (page.nextCursor === undefined) return items
    cursor = `&cursor=${page.nextCursor}`
  }
}
