import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'
import { PASSWORD, somebody } from '../support/visitor.ts'

const OTHER = 'a heron stands in the reeds'

async function enter(page: Page, name: string): Promise<void> {
  await page.goto('/sign-in?to=/settings/me')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/settings/me')
}

describe('the pages about people', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: Site

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z', { auth: 'accounts' })
    await somebody(site.world, 'ann', 'admin')
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const javaScriptEnabled of [true, false])
    test(`inviting, joining, a mistake, a new password, signing out; ${javaScriptEnabled ? 'by the keyboard' : 'without a script'}`, async () => {
      const options = { javaScriptEnabled, baseURL: site.url }
      const admin = await (await browser.newContext(options)).newPage()
      const name = javaScriptEnabled ? 'cara' : 'dora'
      await enter(admin, 'ann')
      await admin.goto('/settings/people')
      await admin.getByLabel('Role').focus()
      await admin.keyboard.press('ArrowDown')
      await admin.keyboard.press('Tab')
      await admin.keyboard.press('Enter')
      const invitation = (await admin.locator('.snip code').textContent()) ?? ''

      const page = await (await browser.newContext(options)).newPage()
      await page.goto(invitation)
      assert.match((await page.textContent('main')) ?? '', /You are invited as a signer/)
      const type = async (...texts: string[]) => {
        for (const [i, text] of texts.entries()) {
          if (i > 0) await page.keyboard.press('Tab')
          await page.keyboard.type(text)
        }
        await page.keyboard.press('Enter')
        await page.waitForLoadState()
      }
      await page.getByLabel('Name').focus()
      await type(name, PASSWORD, 'something else')
      assert.match((await page.textContent('#again-error')) ?? '', /is not the same/)
      assert.equal(await page.getByLabel('Name').inputValue(), name)
      await page.getByLabel('Password').focus()
      await type(PASSWORD, PASSWORD)
      await page.waitForURL(`${site.url}/`)

      await page.goto('/settings/me')
      await page.getByLabel('The one until now').focus()
      await type(PASSWORD, OTHER, OTHER)
      await page.waitForURL('**/settings/me?done=saved')
      assert.match((await page.textContent('[role=status]')) ?? '', /Saved/)
      await page.getByRole('button', { name: 'Sign out' }).press('Enter')
      await page.waitForURL('**/sign-in?done=signed-out')
      await page.getByLabel('Name').focus()
      await type(name, PASSWORD)
      assert.match((await page.textContent('[role=alert]')) ?? '', /The name or the password is not right/)
      await admin.context().close()
      await page.context().close()
    })
})
