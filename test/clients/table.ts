import { after, before, describe, test } from 'node:test'
import type { Site } from '../support/site.ts'
import type { Driver } from './driver.ts'
import { aGround, type Expects, startClientSite } from './ground.ts'
import { runningIsUnseen } from './table-run.ts'
import { sendingWorks } from './table-sending.ts'
import { crowdsPass, spoolHolds } from './table-spool.ts'
import { troubleIsBorne } from './table-trouble.ts'
import { valuesArrive } from './table-values.ts'

/** The parts of the table. `run` is for clients that wrap commands. */
export const PARTS = {
  sending: sendingWorks,
  trouble: troubleIsBorne,
  spool: spoolHolds,
  values: valuesArrive,
  run: runningIsUnseen,
  crowd: crowdsPass,
} as const
export type Part = keyof typeof PARTS

const ALL = Object.keys(PARTS) as Part[]
/** Most of the time is waiting for limits to pass: some wait at once. */
const AT_ONCE = 3

/** Declares the tests that every client passes, or some parts of them, against a live server. */
export function passesTheTable(driver: Driver, parts: readonly Part[] = ALL): void {
  const some = parts.filter((part) => part !== 'crowd' && (part !== 'run' || driver.run !== undefined))
  passes(`${driver.name} does what every client does`, driver, some, AT_ONCE)
  if (parts.includes('crowd')) passes(`${driver.name}, many at once`, driver, ['crowd'], 1)
}

function passes(name: string, driver: Driver, parts: readonly Part[], concurrency: number): void {
  describe(name, { skip: driver.skip, concurrency }, () => {
    let site: Site
    before(async () => {
      site = await startClientSite()
    })
    after(() => site.close())
    const expects: Expects = (title, hold) => {
      test(title, async () => {
        const ground = await aGround(site, driver)
        try {
          await hold(ground)
        } finally {
          await ground.close()
        }
      })
    }
    for (const part of parts) PARTS[part](expects, driver)
  })
}
