import type { Clock } from '../clock.ts'
import { type Duration, SECOND } from '../domain/time.ts'

/** A scraper gives up after ten seconds and a person sooner: an answer with a part left out is worth more to both than one that comes too late. */
const PATIENCE: Duration = 2 * SECOND

/** What was asked of the database; null where it fails, or says nothing for two seconds. */
export async function inTime<T>(clock: Clock, asked: Promise<T>): Promise<T | null> {
  const settled = new AbortController()
  try {
    return await Promise.race([asked, clock.sleep(PATIENCE, settled.signal).then(() => null)])
  } catch {
    return null
  } finally {
    settled.abort()
  }
}
