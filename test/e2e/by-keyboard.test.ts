import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { HOUR } from '../../src/domain/time.ts'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { pressAt, tabTo } from '../support/keyboard.ts'
import { type Site, startSite } from '../support/site.ts'

const SEEN = 72

/** Four minutes before each hour of three days. */
async function fill({ world }: Site): Promise<void> {
  await world.expects('etl', { schedule: '0 * * * *', lookback: '1h' })
  for (let i = SEEN; i > 0; i -= 1) await world.affirm('etl', { at: Date.parse('2026-03-04T08:56:00Z') - i * HOUR })
}

describe('what is not shown elsewhere: by the keyboard alone', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z', { timeZone: 'Europe/Berlin' })
    await fill(site)
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const javaScriptEnabled of [true, false]) {
    const mode = javaScriptEnabled ? 'with' : 'without'

    test(`the span of the chart, ${mode} a script`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled })
      await page.goto('/events/etl')
      await pressAt(page, page.getByRole('button', { name: '30 days' }))
      await page.waitForURL(/span=30d/)
      await page.locator('button[value="30d"][aria-pressed=true]').waitFor()
      await page
        .locator('#chart')
        .getByRole('img', { name: /72 affirmations/ })
        .waitFor()
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

    test(`an expectation is tried on what was seen, suggested and saved, ${mode} a script`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled })
      await page.goto('/events/etl')
      await pressAt(page, page.getByRole('link', { name: 'Add an expectation' }))
      await tabTo(page, page.getByLabel('Schedule'))
      await page.keyboard.type('30 8 * * *')
      await tabTo(page, page.getByLabel('Lookback'))
      await page.keyboard.type('20m')
      if (!javaScriptEnabled) await pressAt(page, page.getByRole('button', { name: 'Preview' }))
      await page
        .locator('#says', { hasText: 'at 08:30 every day (Europe/Berlin): at least 1 in the 20 minutes before' })
        .waitFor()
      // Nobody listened on these three days.
      await page.locator('#backtest .state', { hasText: '3 unknown' }).first().waitFor()

      await pressAt(page, page.getByRole('button', { name: 'Suggest from what was seen' }))
      await page.locator('#suggested', { hasText: 'Suggested' }).waitFor()
      assert.equal(await page.getByLabel('Schedule').inputValue(), '56 * * * *')
      await page.locator('#backtest', { hasText: 'at 08:30' }).waitFor({ state: 'detached' })
      await pressAt(page, page.getByRole('button', { name: 'Save the expectation' }).last())
      await page.waitForURL(/\/events\/etl\?done=saved/)
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

    test(`from the settings to the audit log, filtered, and look and times switched, ${mode} a script`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled, colorScheme: 'light' })
      await page.goto('/settings')
      await pressAt(page, page.locator('main').getByRole('link', { name: 'Audit log' }))
      await page.getByText('registered').first().waitFor()
      await tabTo(page, page.getByLabel('Who', { exact: true }))
      await page.keyboard.type('nobody')
      await page.keyboard.press('Enter')
      await page.getByText('No change matches.').waitFor()
      await pressAt(page, page.getByRole('button', { name: 'Dark' }))
      await page.locator('html[data-theme=dark]').waitFor()
      await pressAt(page, page.getByRole('button', { name: 'Berlin' }))
      await page.locator('#now', { hasText: 'Berlin' }).waitFor()
      assert.match(page.url(), /who=nobody/, 'one is where one was')
      assert.deepEqual(troubles, [])
      await page.context().close()
    })
  }

  test('an event is registered, edited and deleted, and a key made and revoked', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    const type = async (label: string | RegExp, text: string) => {
      await tabTo(page, page.getByLabel(label, { exact: true }))
      await page.keyboard.type(text)
    }
    await page.goto('/events')
    await pressAt(page, page.locator('summary', { hasText: 'Register' }))
    await type('Name', 'by_keyboard')
    await page.keyboard.press('Enter')
    await page.waitForURL(/events\/by_keyboard/)
    await type(/^Description/, 'What it is for')
    await pressAt(page, page.getByRole('button', { name: 'Save the event' }))
    await page.locator('.said', { hasText: 'What it is for' }).waitFor()
    await pressAt(page, page.locator('summary', { hasText: 'Delete this event' }))
    await type('Name of the event', 'by_keyboard')
    await page.keyboard.press('Enter')
    await page.waitForURL(/events\?done=deleted/)

    await page.goto('/settings/keys')
    await type('Name', 'by keyboard')
    await page.keyboard.press('Enter')
    await page.locator('.secret code', { hasText: /^ak_/ }).waitFor()
    await pressAt(page, page.getByRole('link', { name: 'Revoke by keyboard' }))
    await pressAt(page, page.getByRole('button', { name: 'Revoke the key' }))
    await page.waitForURL(/done=revoked/)
    assert.deepEqual(troubles, [])
    await page.context().close()
  })
})
