import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { HOSTILE, isInfected } from '../support/hostile.ts'
import { pressAt, tabTo } from '../support/keyboard.ts'
import { type Site, startSite } from '../support/site.ts'

const said = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? ''

describe('signing off in a browser', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    const { declaring, clock } = site.world
    for (const name of ['by_script', 'without_script', 'by_keyboard']) {
      await declaring.registerEvent({ name, description: HOSTILE, tags: ['person'] }, clock.now())
      await site.world.expects(name, { schedule: '0 15 * * *', lookback: '24h' })
    }
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const [event, javaScriptEnabled] of [['by_script', true] as const, ['without_script', false] as const])
    test(`${event}: from the board, with a note, confirmed and taken back; nothing hostile runs`, async () => {
      const viewport = { width: 390, height: 800 }
      const { page, troubles } = await watchedPage(browser, site.url, { viewport, javaScriptEnabled })
      await page.goto('/')
      await page
        .locator('tr', { hasText: event })
        .getByRole('link', { name: /Sign off/ })
        .click()
      const ask = page.locator(`#for-${event}-prod`)
      await ask.getByLabel('Your name').fill('<b>ann</b>')
      await ask.getByLabel('Note').fill(HOSTILE)
      const button = ask.getByRole('button', { name: /Sign off/ })
      assert.ok(((await button.boundingBox())?.height ?? 0) >= 44, 'a thumb hits it')
      await button.click()
      assert.match(await said(page), /<b>ann<\/b> says/)
      await page.getByRole('button', { name: 'Yes, sign it off' }).click()
      assert.match(await said(page), new RegExp(`You signed off ${event} just now`))
      await page.getByRole('button', { name: `: ${event}` }).click()
      assert.match(await said(page), /Taken back: it counts no more/)
      await page.goto(`/events/${event}`)
      assert.match(await said(page), /withdrawn by <b>ann<\/b>/)
      assert.equal(await isInfected(page), false)
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

  test('with the keyboard alone', async () => {
    const { page } = await watchedPage(browser, site.url)
    await page.goto('/sign-off')
    const ask = page.locator('#for-by_keyboard-prod')
    await tabTo(page, ask.getByLabel('Your name'))
    await page.keyboard.type('ann')
    await pressAt(page, ask.getByRole('button', { name: 'Sign off by_keyboard' }))
    await pressAt(page, page.getByRole('button', { name: 'Yes, sign it off' }))
    await pressAt(page, page.getByRole('button', { name: /^Undo.*by_keyboard/ }))
    await page.getByText('Taken back').waitFor()
    await page.context().close()
  })
})
