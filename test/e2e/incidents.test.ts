import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { HOSTILE, isInfected } from '../support/hostile.ts'
import { type Site, startSite } from '../support/site.ts'

describe('incidents in a browser', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await engine.stop()
  })

  const anIncident = async (): Promise<void> => {
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    await site.world.expects(`etl_${'x'.repeat(100)}`, { schedule: '*/2 * * * *', lookback: '1m' })
    await site.world.passUntil('2026-03-04T09:17:10Z')
  }

  test('somebody takes it, keyboard alone, and nothing typed runs', async (t) => {
    await anIncident()
    t.after(() => site.close())
    const { page, troubles } = await watchedPage(browser, site.url)
    await page.goto('/incidents')
    await page.getByRole('link', { name: 'Incident 1' }).press('Enter')
    await page.getByLabel('Your name').focus()
    await page.keyboard.type('ben')
    await page.keyboard.press('Tab')
    await page.keyboard.type(HOSTILE)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Acknowledged by ben' }).waitFor()
    assert.match(await page.locator('#timeline').innerText(), /onerror/)
    assert.equal(await isInfected(page), false)
    assert.deepEqual(troubles, [])
  })

  test('what others do comes by itself, and a half-typed note stays', async (t) => {
    await anIncident()
    t.after(() => site.close())
    const { page, troubles } = await watchedPage(browser, site.url)
    await page.goto('/incidents/1')
    await page.getByLabel('Note').fill('half a thou')
    await page.getByLabel('Your name').focus()
    const by = { who: 'anyone', address: '' }
    await site.world.store.acknowledge(1, { who: 'user:ben', note: null, over: null }, site.world.clock.now(), by)
    site.world.services.changes.tell()
    await page.getByRole('button', { name: 'Take it over' }).waitFor()
    assert.match(await page.locator('#answer').innerText(), /ben has it/)
    assert.equal(await page.getByLabel('Note').inputValue(), 'half a thou')
    await page.getByLabel('Your name').fill('ann')
    await page.getByRole('button', { name: 'Take it over' }).click()
    await page.getByRole('heading', { name: 'Taken over by ann from ben' }).waitFor()
    assert.deepEqual(troubles, [])
  })

  test('without scripts the form works the same', async (t) => {
    await anIncident()
    t.after(() => site.close())
    const { page } = await watchedPage(browser, site.url, { javaScriptEnabled: false })
    await page.goto('/incidents/1')
    await page.getByRole('button', { name: 'Add the note' }).click()
    await page.getByText('write something first').waitFor()
    await page.getByLabel('Note').fill('looked at it')
    await page.getByRole('button', { name: 'Add the note' }).click()
    await page.getByRole('heading', { name: 'Note by somebody' }).waitFor()
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('heading', { name: 'Acknowledged by somebody' }).waitFor()
  })
})
