import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'
import { someTerms } from '../support/world.ts'

const EXPECTATIONS = 2_000
const VERDICTS = 30
const START = Date.parse('2026-03-04T09:00:00Z')
const MINUTE = 60_000

type Shift = { value: number; sources: string[] }
/** 2,000 expectations of the same minute, a few of which are missed, and half an hour of it. */
async function fill({ world }: Site): Promise<void> {
  const { declaring, clock } = world
  for (let i = 0; i < EXPECTATIONS; i++) {
    const event = `job_${String(i).padStart(4, '0')}_of_the_nightly_batch_done`
    await declaring.registerEvent({ name: event, description: '', tags: [] }, clock.now())
    const terms = someTerms({ lookback: '1m', ...(i % 100 === 0 ? { atLeast: 1 } : { atLeast: 0, atMost: 0 }) })
    await declaring.expect({ event, env: 'prod', tags: [], paused: false, terms }, clock.now())
  }
  await world.passUntil(START + VERDICTS * MINUTE + 2_000)
}

/** Notes everything that moves without being asked to, from now on. A text, for the browser alone. */
const WATCH = `globalThis.shifts = []
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries())
    shifts.push({ value, sources: sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? '').slice(0, 100)) })
}).observe({ type: 'layout-shift' })`

const shiftsOf = (page: Page) => page.evaluate<Shift[]>('shifts')

/** How far below the top of the window a row stands. */
const placeOf = (page: Page, id: string) => page.evaluate<number>(`document.getElementById('${id}').getBoundingClientRect().top`)

/** What came over the wire, headers and all. */
async function transferred(page: Page, open: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await open()
  return bytes
}

describe('the board over 2,000 expectations with 30 verdicts each', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), START)
    await fill(site)
  })
  after(async () => {
    await site.close()
    await browser.close()
    await engine.stop()
  })

  test('less than 500 KB are transferred until it stands', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    const bytes = await transferred(page, () => page.goto('/', { waitUntil: 'load' }))
    assert.equal(await page.locator('#trouble tr[id]').count(), 20)
    assert.ok(bytes > 20_000 && bytes < 500_000, `${bytes} bytes`)
    assert.deepEqual(troubles, [])
    await page.context().close()
  })

  test('its parts leave no expectation out', async () => {
    const { page } = await watchedPage(browser, site.url)
    await page.goto('/?q=/^job_01/')
    await page.locator('#more-50 a').click()
    await page.locator('#part-50').waitFor()
    assert.equal(await page.locator('tr[id^="expectation-"]').count(), 100)
    await page.context().close()
  })

  test('problems appear and go without a shift; focus, scroll and what is being typed stay', async () => {
    const { world } = site
    const { page, troubles } = await watchedPage(browser, site.url)
    await page.goto('/')
    await page.locator('#q').fill('half ty')
    await page.locator('#q').focus()
    await page.evaluate(WATCH)

    await world.affirm('job_0003_of_the_nightly_batch_done', {})
    await world.passUntil(world.clock.now() + MINUTE)
    await page.locator('#trouble tr[id]').nth(20).waitFor()
    await page.waitForTimeout(600)
    assert.equal(await page.locator('#q').inputValue(), 'half ty')
    assert.equal(await page.evaluate('document.activeElement.id'), 'q')
    assert.deepEqual(await shiftsOf(page), [])

    await page.evaluate('document.activeElement.blur(); scrollTo(0, 900)')
    const [was, scrolled] = [await placeOf(page, 'expectation-1001'), await page.evaluate('scrollY')]
    await world.affirm('job_0000_of_the_nightly_batch_done', {})
    await world.affirm('job_0100_of_the_nightly_batch_done', {})
    await world.passUntil(world.clock.now() + MINUTE)
    await page.locator('#trouble #expectation-101').waitFor({ state: 'detached' })
    await page.waitForTimeout(600)
    assert.notEqual(await page.evaluate('scrollY'), scrolled, 'rows above went away')
    assert.equal(Math.round(await placeOf(page, 'expectation-1001')), Math.round(was))
    assert.deepEqual(await shiftsOf(page), [])
    assert.deepEqual(troubles, [])
    await page.context().close()
  })
})
