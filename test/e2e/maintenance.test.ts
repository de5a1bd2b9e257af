import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

describe('maintenance, planned in a browser', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z', { timeZone: 'Europe/Berlin' })
    await site.world.expects('backup', { lookback: '1m' })
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const javaScriptEnabled of [true, false])
    test(`from the event for an hour, seen on the board, and ended early: script ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled })
      await page.goto('/events/backup')
      await page.getByRole('link', { name: 'Plan maintenance' }).click()
      assert.equal(await page.getByLabel('From').inputValue(), '2026-03-04T10:14')
      await page.getByRole('textbox', { name: 'Name' }).fill('new disks')
      await page.getByRole('button', { name: 'Plan it' }).click()
      await page.getByText('Planned.', { exact: true }).waitFor()
      await page.goto('/')
      assert.match((await page.locator('tr', { hasText: 'backup' }).textContent()) ?? '', /in maintenance until 10:14/)
      await page.goto('/maintenance')
      await page.getByRole('button', { name: 'End it now new disks' }).click()
      await page.getByText('Ended: what is missed from now on is told.').waitFor()
      await page.goto('/')
      assert.equal(await page.getByText('in maintenance').count(), 0)
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

  test('a mistake stands at its field, and what was typed stays', async () => {
    const { page } = await watchedPage(browser, site.url, { javaScriptEnabled: false })
    await page.goto('/maintenance')
    await page.getByRole('link', { name: 'Again and again' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('reboots')
    await page.getByRole('textbox', { name: 'Schedule' }).fill('0 25 * * 0')
    await page.getByRole('textbox', { name: 'Lasts' }).fill('2 hours')
    await page.getByRole('button', { name: 'Plan it' }).click()
    assert.match((await page.locator('#schedule-error').textContent()) ?? '', /0 to 23/)
    assert.match((await page.locator('#lasts-error').textContent()) ?? '', /is not a duration/)
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'reboots')
    assert.equal((await site.world.store.maintenanceWindows(site.world.clock.now())).length, 0)
    await page.context().close()
  })
})
