import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

const HOSTILE = `"><img src=x onerror="document.title='run'"><script>document.title='run'</script>'`
const said = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? ''

/** Tab until this has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const isThere = () =>
    page.evaluate(() => {
      const { document } = globalThis as unknown as { document: { activeElement: { textContent: string; id: string } | null } }
      return `${document.activeElement?.id} ${document.activeElement?.textContent}`
    })
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab')
    if (name.test(await isThere())) return
  }
  assert.fail(`the keyboard does not reach ${name}`)
}

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
      assert.notEqual(await page.title(), 'run')
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

  test('with the keyboard alone', async () => {
    const { page } = await watchedPage(browser, site.url)
    await page.goto('/sign-off')
    await tabTo(page, /^for-by_keyboard-prod-by/)
    await page.keyboard.type('ann')
    await tabTo(page, /Sign off by_keyboard/)
    await Promise.all([page.waitForResponse(/sign-off/), page.keyboard.press('Enter')])
    await page.getByText('Yes, sign it off').waitFor()
    await tabTo(page, /Yes, sign it off/)
    await page.keyboard.press('Enter')
    await page.getByText('You signed off').waitFor()
    await tabTo(page, /Undo.*by_keyboard/)
    await page.keyboard.press('Enter')
    await page.getByText('Taken back').waitFor()
    await page.context().close()
  })
})
