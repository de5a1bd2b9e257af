import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { rawMember } from '../../src/domain/json.ts'
import { startEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'
import type { Call, Driver, Ended, Settings } from './driver.ts'
import { type Front, startFront } from './front.ts'

/** One affirmation as the server has it. `value` is its JSON text, null for none. */
export type Kept = {
  event: string
  env: string
  at: number
  status: string
  source: string
  id: string | null
  value: string | null
}

/** One line of a spool. */
export type Spooled = { event: string; at: number; id: string; status: string; value?: unknown }

/** What a test of a client stands on: a front of its own before the server, and a spool of its own. */
export type Ground = {
  front: Front
  spool: string
  settings: Settings
  /** Makes the calls in one process; fails when it prints to stdout. */
  affirm(calls: Call | readonly Call[], settings?: Settings): Promise<Ended>
  /** Oldest first. */
  stored(event: string): Promise<Kept[]>
  /** What waits in the spool, oldest first. */
  waiting(): Spooled[]
  /** Names of what was put aside for ever. */
  refused(): string[]
  /** Leaves one in the spool as another client would. */
  leave(spooled: Spooled): void
  close(): Promise<void>
}

/** Declares one expectation; it gets a ground of its own. */
export type Expects = (title: string, hold: (ground: Ground) => Promise<void>) => void

/** Longer than any call here takes that ends before its limit, on a machine that does much else. */
const PATIENT_SECONDS = 20
/** For calls that take all the time that they have. */
export const SHORT = { AFFIRMATIVE_TIMEOUT: '1' }
/** What such a call may take, with the start of its process. */
export const LONGEST_MS = 10_000

/** A real server on a real port, for all tests of one file. Its clock stands still: clients bring their own time. */
export async function startClientSite(): Promise<Site> {
  const engine = await startEngine('sqlite')
  const site = await startSite(await engine.open(), systemClock.now())
  return {
    ...site,
    close: async () => {
      await site.close()
      await engine.stop()
    },
  }
}

async function storedAt(site: Site, event: string): Promise<Kept[]> {
  const asked = { headers: { accept: 'application/x-ndjson' } }
  const answer = await fetch(`${site.url}/api/v1/events/${encodeURIComponent(event)}/affirmations`, asked)
  if (answer.status === 404) return []
  const lines = (await answer.text()).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const { at, value, ...rest } = JSON.parse(line)
    return { ...rest, at: Date.parse(at), value: value === null ? null : (rawMember(line, 'value') ?? null) }
  })
}

const isSpooled = (name: string): boolean => /^\d+-[\w-]+\.json$/.test(name)
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])

export async function aGround(site: Site, driver: Driver): Promise<Ground> {
  const front = await startFront(site.url)
  const home = mkdtempSync(join(tmpdir(), 'affirmative-client-'))
  const spool = join(home, 'spool')
  const settings = { AFFIRMATIVE_URL: front.url, AFFIRMATIVE_SPOOL: spool, AFFIRMATIVE_TIMEOUT: `${PATIENT_SECONDS}` }
  return {
    front,
    spool,
    settings,
    affirm: async (calls, more = {}) => {
      const ended = await driver.affirm(Array.isArray(calls) ? calls : [calls], { ...settings, ...more }).ended
      assert.equal(ended.out.toString(), '')
      return ended
    },
    stored: (event) => storedAt(site, event),
    waiting: () =>
      namesIn(spool)
        .filter(isSpooled)
        .map((name) => JSON.parse(readFileSync(join(spool, name), 'utf8'))),
    refused: () => namesIn(join(spool, 'refused')),
    leave: (spooled) => {
      mkdirSync(spool, { recursive: true, mode: 0o700 })
      writeFileSync(join(spool, `${spooled.at}-${spooled.id}.json`), `${JSON.stringify(spooled)}\n`, { mode: 0o600 })
    },
    close: async () => {
      await front.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Status and value of all that is stored of an event, starts first. */
export const tellingsOf = async (ground: Ground, event: string) =>
  (await ground.stored(event))
    .map(({ status, value }) => [status, JSON.parse(value ?? 'null')])
    .sort(([one], [other]) => Number(other === 'start') - Number(one === 'start'))
