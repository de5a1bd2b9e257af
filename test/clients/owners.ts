import { chmodSync, chownSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import type { Ground, Spooled } from './ground.ts'

/** Whom root becomes to meet what it may not read. */
export const NOBODY = 65_534
export const IS_ROOT = process.getuid?.() === 0

/** One that waits since so many milliseconds. */
export const left = (id: string, event: string, ago = 60_000): Spooled => ({
  event,
  at: systemClock.now() - ago,
  id,
  status: 'ok',
})

/** Leaves one that nobody but root can read, and a younger one that can be read; answers with the name of the first. */
export function leaveHidden({ leave, spool }: Ground, event: string): string {
  const [hidden, good] = [left('hidden', event, 90_000), left('good', event)]
  const [hiddenName, goodName] = [`${hidden.at}-hidden.json`, `${good.at}-good.json`]
  leave(hidden)
  leave(good)
  chmodSync(join(spool, hiddenName), 0)
  if (IS_ROOT) {
    chmodSync(dirname(spool), 0o755)
    for (const path of [spool, join(spool, goodName)]) chownSync(path, NOBODY, NOBODY)
  }
  return hiddenName
}
