import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { conclude } from '../../src/services/evaluate.ts'
import { openStore } from '../../src/store/open.ts'
import type { OwedDue, Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { startProxy, type TestProxy } from '../support/proxy.ts'
import { aWorld, instant } from '../support/world.ts'

const NOW = instant('2026-03-01T00:00:00Z')
const DUE = NOW + MINUTE

describe('a node that vanishes without a word, in the middle of judging', { timeout: 90_000 }, () => {
  let postgres: TestPostgres
  let proxy: TestProxy
  let gone: Store
  let other: Store

  before(async () => {
    postgres = await startPostgres()
    const url = await postgres.url('vanished')
    proxy = await startProxy(postgres.port)
    gone = await openStore(proxy.url(url), () => undefined)
    other = await openStore(url, () => undefined)
    await aWorld(other, NOW).expects('backup', { lookback: '1m' })
  })
  after(async () => {
    await proxy.close()
    await Promise.all([gone.close(), other.close()])
    await postgres.stop()
  })

  const judge = (store: Store, meanwhile: () => void = () => undefined) =>
    store.concludeOwed(DUE, DUE, 100, (owed: OwedDue[]) => {
      meanwhile()
      return owed.map((one) => conclude(one, DUE, []))
    })

  test('leaves what it had claimed to the others within a minute', async () => {
    await assert.rejects(judge(gone, () => proxy.set('black-hole')))
    const end = systemClock.elapsed() + MINUTE
    let judged = 0
    while (judged === 0 && systemClock.elapsed() < end) {
      judged = (await judge(other)).verdicts.length
      await systemClock.sleep(500)
    }
    assert.equal(judged, 1)
  })
})
