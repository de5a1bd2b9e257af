import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

describe('the page of API keys', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  const statusWith = async (secret: string) =>
    (await fetch(`${site.url}/affirm/job`, { headers: { authorization: `Bearer ${secret}` } })).status

  for (const javaScriptEnabled of [true, false])
    test(`makes one, shows its secret once, and revokes it: script ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { javaScriptEnabled })
      await page.goto('/settings/keys')
      await page.getByLabel('Name', { exact: true }).fill('deploy')
      const [made] = await Promise.all([page.waitForResponse(/keys/), page.getByRole('button', { name: 'Make the key' }).click()])
      assert.equal(made.headers()['cache-control'], 'no-store')
      const secret = (await page.locator('.secret code').textContent()) ?? ''
      assert.match(secret, /^ak_\w{40}$/)
      assert.ok(!page.url().includes('ak_'))
      assert.equal(await statusWith(secret), 200)

      await page.goto('/settings/keys')
      assert.ok(!(await page.content()).includes(secret), 'it is shown once')
      await page.getByRole('link', { name: 'Revoke deploy' }).click()
      assert.equal(await statusWith(secret), 200, 'it is asked first')
      await page.getByRole('button', { name: 'Revoke the key' }).click()
      assert.match((await page.getByRole('status').first().textContent()) ?? '', /Revoked/)
      assert.equal(await statusWith(secret), 401)
      assert.equal(await page.getByRole('link', { name: 'Revoke deploy' }).count(), 0)
      assert.deepEqual(troubles, [])
      await page.context().close()
    })

  test('a mistake stands at its field, and what was typed stays', async () => {
    const { page } = await watchedPage(browser, site.url, { javaScriptEnabled: false })
    await page.goto('/settings/keys')
    await page.getByLabel('Name', { exact: true }).fill('half')
    await page.getByRole('checkbox', { name: /^affirm/ }).uncheck()
    await page.getByLabel(/^Environment/).fill('two words')
    const [answer] = await Promise.all([page.waitForResponse(/keys/), page.getByRole('button', { name: 'Make the key' }).click()])
    assert.equal(answer.status(), 422)
    assert.match((await page.locator('#scopes-error').textContent()) ?? '', /at least one/)
    assert.match((await page.locator('#env-error').textContent()) ?? '', /env/)
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'half')
    assert.equal(await page.getByRole('checkbox', { name: /^affirm/ }).isChecked(), false)
    await page.context().close()
  })

  test('a form of a foreign page makes and revokes nothing', async () => {
    const before = (await site.world.store.holders()).length
    const foreign = (path: string, body: string) =>
      fetch(site.url + path, {
        method: 'POST',
        headers: { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    assert.equal((await foreign('/settings/keys', 'name=mine&scope-admin=on')).status, 403)
    for (const { key } of await site.world.store.holders())
      assert.equal((await foreign(`/settings/keys/${key.id}/revoke`, '')).status, 403)
    assert.equal((await site.world.store.holders()).length, before)
  })
})
