import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { pressAt, tabTo } from '../support/keyboard.ts'
import { type Site, startSite } from '../support/site.ts'

describe('the table of the configuration in a browser', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    for (const event of ['backup', 'etl', 'sync']) await site.world.expects(event, { schedule: '0 3 * * *' })
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  const states = (page: Page) => page.locator('tbody .state').allInnerTexts()
  test('several are paused and resumed without JavaScript, and the place is kept', async () => {
    const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled: false })
    await page.goto('/events?sort=registered')
    await page.locator('#expectation-1 input').check()
    await page.locator('#expectation-3 input').check()
    await page.getByRole('button', { name: 'Pause these' }).click()
    assert.match(page.url(), /\/events\?sort=registered&done=paused$/)
    assert.deepEqual(await states(page), ['paused', 'waiting', 'paused'])
    await page.getByRole('button', { name: /^Resume\s+backup/ }).click()
    assert.deepEqual(await states(page), ['waiting', 'waiting', 'paused'])
    await page.getByRole('button', { name: /^Resume\s+sync/ }).click()
    assert.deepEqual(troubles, [])
    await page.context().close()
  })

  test('the keyboard alone sorts, pauses, and reads in the audit log who it was', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    await page.goto('/events')
    await pressAt(page, page.locator('thead a[href*="sort=due"]'))
    await page.waitForURL(/sort=due/)
    await tabTo(page, page.locator('#expectation-2 input'))
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+Tab')
    await pressAt(page, page.locator('#expectation-2 button[name=pause]'))
    await page.waitForURL(/done=paused/)
    assert.deepEqual((await states(page)).filter((state) => state === 'paused').length, 1)
    await page.goto('/settings')
    await pressAt(page, page.locator('main a[href="/settings/audit"]'))
    await page.getByText('paused expectation 2 of etl').first().waitFor()
    assert.deepEqual(troubles, [])
    await page.context().close()
  })
})
