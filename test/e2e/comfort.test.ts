import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { MINUTE } from '../../src/domain/time.ts'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

/** One missed, one met, one for people, and one that may become missed. */
async function fill({ world }: Site): Promise<void> {
  await world.expects('backup_finished', { lookback: '1m' }, { tags: ['money'] })
  await world.expects('import_done', { schedule: '0 * * * *', lookback: '1h' }, { tags: ['data'] })
  await world.declaring.registerEvent({ name: 'model_signed', description: '', tags: ['person'] }, world.clock.now())
  await world.expects('model_signed', { schedule: '0 12 * * *', lookback: '1d' })
  await world.expects('queue_empty', { atLeast: 0, atMost: 0, lookback: '1m' }, { tags: ['data'] })
  await world.affirm('import_done', {})
  await world.passUntil('2026-03-04T09:17:02Z')
}

const themeOf = (page: Page) => page.evaluate<string | null>('document.documentElement.dataset.theme ?? null')
const rowInFocus = (page: Page) => page.evaluate<string>("document.activeElement.closest('tr')?.id ?? ''")
const groundOf = (page: Page) => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
const inkOf = (page: Page) => page.evaluate<string>("getComputedStyle(document.querySelector('tr.missed .state')).color")
/** A browser says by itself that a tab is hidden only where there is a screen. */
const hide = (page: Page) =>
  page.evaluate(
    "Object.defineProperty(document, 'hidden', { get: () => true }); document.dispatchEvent(new Event('visibilitychange'))",
  )

describe('comfort', { skip: noBrowser }, () => {
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
    await site.close()
    await browser.close()
    await engine.stop()
  })

  for (const javaScriptEnabled of [true, false])
    test(`look and times are switched and kept ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled, colorScheme: 'light' })
      await page.goto('/?tag=money')
      const light = await groundOf(page)
      await page.getByRole('button', { name: 'Dark' }).click()
      await page.locator('html[data-theme=dark]').waitFor()
      assert.equal(new URL(page.url()).search, '?tag=money')
      assert.notEqual(await groundOf(page), light)
      await page.getByRole('button', { name: 'Berlin' }).click()
      await page.getByText(/expectations? at 10:\d\d Berlin/).waitFor()
      await page.goto('/events/backup_finished')
      assert.equal(await themeOf(page), 'dark')
      await page.getByRole('columnheader', { name: 'Due, Berlin' }).waitFor()
      await page
        .locator('#verdicts td', { hasText: /^10:1\d$/ })
        .first()
        .waitFor()
      await page.locator('#now', { hasText: /^10:\d\d:\d\d Berlin$/ }).waitFor()
      await page.getByRole('button', { name: 'System' }).click()
      await page.locator('html:not([data-theme])').waitFor()
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

  test('the clock of the foot goes on in the zone that leads', async () => {
    const { page } = await watchedPage(browser, site.url)
    await page.context().addCookies([{ name: 'times', value: 'local', url: site.url }])
    await page.goto('/')
    const begin = (await page.locator('#now').textContent()) ?? ''
    await page.locator('#now', { hasNotText: begin }).waitFor()
    assert.match((await page.locator('#now').textContent()) ?? '', /^10:1\d:\d\d Berlin$/)
    await page.context().close()
  })

  test('keys go to pages, move over rows, copy, sign off and open', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    // The clipboard of a machine without a screen never answers.
    await page.addInitScript('navigator.clipboard.writeText = async (text) => { globalThis.copied = text }')
    await page.goto('/')
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.waitForURL('**/events')
    await page.keyboard.press('g')
    await page.keyboard.press('b')
    await page.waitForURL(`${site.url}/`)

    await page.keyboard.press('j')
    assert.equal(await rowInFocus(page), 'expectation-1', 'what is missed stands first')
    await page.keyboard.press('j')
    assert.notEqual(await rowInFocus(page), 'expectation-1')
    await page.keyboard.press('k')
    await page.keyboard.press('c')
    const { key } = await site.world.declaring.event('backup_finished')
    assert.equal(await page.evaluate('globalThis.copied'), key)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/events/backup_finished')

    await page.goto('/?q=model_signed')
    await page.keyboard.press('j')
    await page.keyboard.press('s')
    await page.waitForURL('**/sign-off#for-model_signed-prod')
    await page.waitForLoadState()
    assert.deepEqual(troubles, [])
    await page.context().close()
  })

  test('keys rest while one types, and / leads to the search field', async () => {
    const { page } = await watchedPage(browser, site.url)
    await page.goto('/')
    await page.keyboard.press('/')
    await page.keyboard.type('gejw?')
    assert.equal(await page.locator('#q').inputValue(), 'gejw?')
    assert.equal(new URL(page.url()).search, '')
    assert.equal(await page.locator('dialog').count(), 0)
    await page.context().close()
  })

  test('the help sheet opens over the page, closes, and switches single keys off for good', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    await page.goto('/')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.getByRole('checkbox', { name: /single key/ }).uncheck()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.reload()
    await page.keyboard.press('j')
    await page.keyboard.press('?')
    assert.equal(await rowInFocus(page), '')
    assert.equal(await page.locator('dialog').count(), 0)
    await page.getByRole('link', { name: 'Shortcuts' }).click()
    await page.getByRole('checkbox', { name: /single key/, checked: false }).waitFor()
    assert.deepEqual(troubles, [])
    await page.context().close()
  })

  test('the sheet is a page without a script, and offers no switch there', async () => {
    const { page } = await watchedPage(browser, site.url, { javaScriptEnabled: false })
    await page.goto('/')
    await page.getByRole('link', { name: 'Shortcuts' }).click()
    await page.getByText('the search field').waitFor()
    assert.equal(await page.getByRole('checkbox').isVisible(), false)
    await page.context().close()
  })

  test('the wall shows what is not as expected, keeps the filter, is left by Escape, and says in big letters that it hears nothing', async () => {
    const { page, troubles } = await watchedPage(browser, site.url, { viewport: { width: 1920, height: 1080 } })
    await page.clock.install()
    await page.goto('/?tag=money')
    await page.keyboard.press('w')
    await page.locator('.big-list li.missed', { hasText: 'backup_finished' }).waitFor()
    assert.match(await page.title(), /^\(1\) Wall/)
    assert.equal(await page.locator('form, nav, button').count(), 0)
    assert.ok(((await page.locator('.big-list .name').boundingBox())?.height ?? 0) > 40)

    await page.context().setOffline(true)
    await page.clock.fastForward(80_000)
    await page.getByText('No answer from the server').waitFor()
    assert.ok(((await page.locator('#stale').boundingBox())?.height ?? 0) > 90)
    await page.context().setOffline(false)
    await page.keyboard.press('Escape')
    await page.waitForURL('**/?tag=money')

    await page.goto('/?wall&q=import_done')
    await page.locator('.answer.waiting, .answer.met').waitFor()
    assert.equal(await page.locator('.big-list li').count(), 0)
    assert.deepEqual(
      troubles.filter((trouble) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(trouble)),
      [],
    )
    await page.context().close()
  })

  test('on paper the board is black on white, without what only a screen can do, and says of when it is', async () => {
    const { page } = await watchedPage(browser, site.url, { colorScheme: 'dark' })
    await page.context().addCookies([{ name: 'look', value: 'dark', url: site.url }])
    await page.goto('/')
    await page.emulateMedia({ media: 'print' })
    assert.equal(await groundOf(page), 'rgb(255, 255, 255)')
    assert.equal(await inkOf(page), 'rgb(0, 0, 0)')
    for (const hidden of ['nav', '.filter', '.btn', '.foot'])
      assert.equal(await page.locator(hidden).first().isVisible(), false, hidden)
    assert.equal(await page.getByText(/As of 2026-03-04 09:1\d/).isVisible(), true)
    assert.equal(await page.locator('tr.missed .state').getByText('missed').isVisible(), true)
    await page.context().close()
  })

  test('title and icon tell the state while the tab is hidden', async () => {
    const { world } = site
    const { page } = await watchedPage(browser, site.url)
    await page.clock.install()
    await page.goto('/')
    assert.match(await page.title(), /^\(1\) Board/)
    await hide(page)
    await world.affirm('queue_empty', {})
    await world.passUntil(world.clock.now() + MINUTE)
    await page.clock.runFor(35_000)
    await page.locator('#expectation-4.missed').waitFor()
    assert.match(await page.title(), /^\(2\) Board/)
    assert.match((await page.locator('link[rel=icon]').getAttribute('href')) ?? '', /favicon-missed/)
    await page.context().close()
  })
})
