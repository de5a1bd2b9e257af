import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const HOSTILE = `"><img src=x onerror="document.title='run'"><script>document.title='run'</script>'`

type Axe = { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }

/** What axe calls serious or critical. */
async function graveFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => (await (globalThis as unknown as { axe: Axe }).axe.run()).violations)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { document } = globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    return document.documentElement.scrollWidth - document.documentElement.clientWidth
  })

/** Every state, long names, and hostile text wherever people can write. */
async function fill({ world }: Site): Promise<void> {
  const long = `an_event_with_a_name_as_long_as_a_name_may_be_${'x'.repeat(60)}_the_end`
  await world.declaring.registerEvent({ name: 'hostile', description: HOSTILE, tags: ['person'] }, world.clock.now())
  await world.affirm('hostile', { source: HOSTILE, value: { note: HOSTILE } })
  await world.expects('hostile', { lookback: '10m' })
  await world.expects(long, { lookback: '1m' })
  await world.expects('negative', { atLeast: 0, atMost: 0, lookback: '1m' })
  await world.expects('late_one', { schedule: '*/5 * * * *', lookback: '5m', grace: '30m' })
  const paused = await world.expects('paused_one', { schedule: '0 9 * * *', where: { path: '$.a', equals: HOSTILE } })
  await world.declaring.pause(paused, world.clock.now())
  const by = { who: HOSTILE, address: '192.0.2.7' }
  const draft = { name: HOSTILE.slice(0, 64), scopes: ['affirm', 'read', 'write', 'admin'] as const, env: 'x'.repeat(64) }
  await world.services.keys.make(draft, by, world.clock.now())
  await world.affirm('unexpected_one', { source: HOSTILE })
  await world.passUntil('2026-03-04T09:21:10Z')
}

const PATHS = [
  '/',
  '/about',
  '/?wall',
  '/shortcuts',
  '/events',
  '/sign-off',
  '/events?sort=due&dir=desc&state=waiting',
  '/events?q=nothing',
  '/events/hostile',
  '/events/hostile/delete',
  '/events/late_one/expectations/new',
  '/expectations/1/edit',
  '/expectations/1/delete',
  '/settings/keys',
  '/settings/keys/1/revoke',
  '/settings',
  '/settings/audit',
  '/settings/audit?from=never',
  '/nothing-here',
]

describe('every page', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    await fill(site)
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const width of [390, 1280])
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${width} px, ${colorScheme}: nothing serious for axe, no sideways scrolling, no error, nothing hostile runs`, async () => {
        const { page, troubles } = await watchedPage(browser, site.url, { viewport: { width, height: 900 }, colorScheme })
        for (const path of PATHS) {
          await page.goto(path)
          assert.deepEqual(await graveFindings(page), [], path)
          assert.ok((await sideways(page)) <= 0, `${path} scrolls sideways`)
          assert.notEqual(await page.title(), 'run', `${path} ran what somebody wrote`)
        }
        assert.deepEqual(
          troubles.filter((trouble) => !/404/.test(trouble)),
          [],
        )
        await page.context().close()
      })

  test('a form of a foreign page changes nothing', async () => {
    const foreign = {
      method: 'POST',
      headers: { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'confirm=hostile',
    }
    const answer = await fetch(`${site.url}/events/hostile/delete`, foreign)
    assert.equal(answer.status, 403)
    assert.equal((await fetch(`${site.url}/api/v1/events/hostile`)).status, 200)
  })
})
