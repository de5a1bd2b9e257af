import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'
import { aListener } from '../support/told.ts'

describe('a channel', { skip: noBrowser }, () => {
  const listener = aListener()
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z', { tell: listener.tell })
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const javaScriptEnabled of [true, false])
    test(`is added, tested with the answer shown, and deleted: script ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled })
      await page.goto('/')
      await page.getByRole('link', { name: 'Channels', exact: true }).click()
      await page.getByRole('link', { name: 'Add a channel' }).click()
      await page.getByRole('link', { name: 'ntfy' }).click()
      await page.getByLabel('Name', { exact: true }).fill('ops')
      await page.getByLabel('The url').fill('https://ntfy.example/ops')
      await page.getByLabel(/^The token/).fill('tk_secret')
      await page.getByRole('button', { name: 'Add the channel' }).click()
      await page.getByRole('heading', { name: 'ops', level: 1 }).waitFor()
      assert.ok(!(await page.content()).includes('tk_secret'))

      listener.answers(() => ({ kind: 'never', said: '403 no such topic' }))
      await page.getByRole('button', { name: 'Test now' }).click()
      await page.getByText('The test did not arrive: 403 no such topic').waitFor()
      listener.answers(() => ({ kind: 'sent', said: '200 ok' }))
      await page.getByRole('button', { name: 'Test now' }).click()
      await page.getByText('The test arrived: 200 ok').waitFor()
      assert.equal(await page.getByRole('row', { name: /failed.*403 no such topic/ }).count(), 1)

      await page.getByText('Delete this channel').click()
      await page.getByLabel('Name of the channel').fill('ops')
      await page.getByRole('button', { name: 'Delete the channel' }).click()
      await page.getByText('No channel yet').waitFor()
      assert.deepEqual(troubles, [])
      await page.context().close()
    })
})
