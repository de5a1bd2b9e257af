import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

const run = promisify(execFile)

describe('the main job in a browser', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
  })
  beforeEach(async () => {
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    await site.world.listening.beat(site.world.clock.now())
  })
  afterEach(() => site.close())
  after(async () => {
    await browser.close()
    await engine.stop()
  })

  test('register → paste the curl → see it on the board without reloading → miss it → see it red → sign off → see it met', async () => {
    const { world } = site
    const { page, troubles } = await watchedPage(browser, site.url)

    await page.goto('/events')
    await page.getByLabel('Name', { exact: false }).first().waitFor()
    await page.locator('form[action="/events"][method="post"] [name=name]').fill('model_under_control')
    await page.locator('form[action="/events"][method="post"] [name=tags]').fill('person')
    await page.locator('form[action="/events"][method="post"] button').first().click()
    await page.waitForURL(/\/events\/model_under_control/)

    await page.getByRole('link', { name: /Add an expectation/ }).click()
    await page.locator('[name=schedule]').fill('* * * * *')
    await page.locator('[name=lookback]').fill('1m')
    await page.getByText('every minute: at least 1 in the minute before').waitFor()
    await page.locator('button.go').click()
    await page.waitForURL(/\/events\/model_under_control/)

    const command = (await page.locator('pre code', { hasText: '/affirm/' }).first().textContent()) ?? ''
    const address = /http:\S+/.exec(command)?.[0] ?? ''
    assert.match(address, /\/affirm\/af_[0-9A-Za-z]{8}$/, command)

    await page.goto('/')
    const row = page.locator('tr', { hasText: 'model_under_control' })
    await row.getByText('never').waitFor()
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))

    assert.equal((await run('curl', ['-fsS', '-m', '10', address])).stdout, 'OK')
    await row.getByText(/by 127\.0\.0\.1/).waitFor()

    await world.passUntil('2026-03-04T09:15:02Z')
    await page.locator('tr.met', { hasText: 'model_under_control' }).waitFor()

    await world.passUntil('2026-03-04T09:16:02Z')
    await page.locator('tr.missed', { hasText: 'model_under_control' }).waitFor()
    await page.waitForFunction(() => (globalThis as unknown as { document: { title: string } }).document.title.startsWith('(1)'))
    assert.equal(await page.evaluate(() => 'isSamePage' in globalThis), true, 'the page was never loaded anew')

    await row.getByRole('link', { name: /Sign off/ }).click()
    await page.waitForURL(/\/sign-off#for-model_under_control-prod/)
    await page.locator('[name=by]').fill('ann')
    await page.locator('[name=note]').fill('drift 0.8 %')
    await page.getByRole('button', { name: /Sign off/ }).click()
    await page.getByText('ann says: model under control.').waitFor()
    await page.getByRole('button', { name: /Yes, sign it off/ }).click()
    await page.getByText('You signed off').waitFor()
    assert.match((await page.locator('body').textContent()) ?? '', /ann, just now: “drift 0\.8 %”/)

    await world.passUntil('2026-03-04T09:17:02Z')
    await page.goto('/')
    await page.locator('tr.met', { hasText: 'model_under_control' }).waitFor()
    assert.deepEqual(troubles, [])
    await page.context().close()
  })

  test('the three commands of the empty board work as shown', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    await page.goto('/')
    const commands = await page.locator('pre code').allTextContents()
    assert.equal(commands.length, 3)
    const [affirm = '', expect = '', loop = ''] = commands
    assert.equal((await run('sh', ['-c', affirm])).stdout, 'OK')
    assert.match((await run('sh', ['-c', expect])).stdout, /"schedule":"\* \* \* \* \*"/)
    const once = loop.replace(/^while sleep 20; do\n/, '').replace(/\ndone$/, '')
    assert.equal((await run('sh', ['-c', once])).stdout, 'OK')
    await page.locator('tr', { hasText: 'hello_from_me' }).waitFor()
    await site.world.passUntil('2026-03-04T09:15:02Z')
    await page.locator('tr.met', { hasText: 'hello_from_me' }).waitFor()
    await site.world.passUntil('2026-03-04T09:17:02Z')
    await page.locator('tr.missed', { hasText: 'hello_from_me' }).waitFor()
    assert.deepEqual(troubles, [])
    await page.context().close()
  })

  test('everything that matters works with JavaScript off', async () => {
    const { page } = await watchedPage(browser, site.url, { javaScriptEnabled: false })
    await page.goto('/events')
    await page.locator('form[action="/events"][method="post"] [name=name]').fill('by_hand')
    await page.locator('form[action="/events"][method="post"] button').first().click()
    await page.getByRole('link', { name: /Add an expectation/ }).click()

    await page.locator('[name=schedule]').fill('61 * * * *')
    await page.locator('[name=lookback]').fill('20x')
    await page.locator('button.go').click()
    assert.match((await page.locator('#schedule-error').textContent()) ?? '', /minute/)
    assert.match((await page.locator('#lookback-error').textContent()) ?? '', /20x/)
    assert.equal(await page.locator('[name=schedule]').inputValue(), '61 * * * *', 'what was typed is kept')

    await page.locator('[name=schedule]').fill('* 1,7,16 * * 1-5')
    await page.locator('[name=lookback]').fill('20m')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('button', { name: /Use/ }).click()
    assert.equal(await page.locator('[name=schedule]').inputValue(), '0 1,7,16 * * 1-5')
    await page.locator('button.go').click()
    assert.match(
      (await page.locator('body').textContent()) ?? '',
      /at 01:00, 07:00 and 16:00, Monday to Friday: at least 1 in the 20 minutes before/,
    )

    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('paused', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByLabel('Your name').fill('ann')
    await page.getByRole('button', { name: /Sign off/ }).click()
    assert.match((await page.locator('body').textContent()) ?? '', /user:ann/)

    await page.goto('/?q=/^by_/')
    await page.locator('tr', { hasText: 'by_hand' }).waitFor()
    await page.goto('/?q=/(/')
    assert.match((await page.locator('body').textContent()) ?? '', /regular expression/)
    await page.context().close()
  })
})
