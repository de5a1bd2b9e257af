import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'
import { PASSWORD, somebody } from '../support/visitor.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const HOSTILE = `"><script>document.title='run'</script><img src=x>`
const OTHER = 'a heron stands in the reeds'

type Axe = { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }

async function graveFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => (await (globalThis as unknown as { axe: Axe }).axe.run()).violations)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { document } = globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    return document.documentElement.scrollWidth - document.documentElement.clientWidth
  })

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
  let link: string

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z', { auth: 'accounts' })
    await somebody(site.world, 'ann', 'admin')
    await somebody(site.world, HOSTILE, 'viewer')
    await somebody(site.world, 'x'.repeat(64), 'editor')
    link = `/welcome/${await site.world.services.links.invite('signer', { who: 'test', address: '' }, site.world.clock.now())}`
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  for (const width of [390, 1280])
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${width} px, ${colorScheme}: nothing serious for axe, no sideways scrolling, no error, nothing hostile runs`, async () => {
        const { page, troubles } = await watchedPage(browser, site.url, { viewport: { width, height: 900 }, colorScheme })
        const look = async (path: string) => {
          await page.goto(path)
          assert.deepEqual(await graveFindings(page), [], path)
          assert.ok((await sideways(page)) <= 0, `${path} scrolls sideways`)
          assert.notEqual(await page.title(), 'run', `${path} ran what somebody wrote`)
        }
        for (const path of ['/sign-in', link]) await look(path)
        await enter(page, 'ann')
        for (const path of ['/settings/me', '/settings/people', '/settings/people/1', '/settings/people/2', '/settings/people/3'])
          await look(path)
        await page.getByRole('button', { name: 'Make a link' }).click()
        await page.getByRole('heading', { name: 'The link' }).waitFor()
        assert.deepEqual(await graveFindings(page), [], 'the link')
        assert.ok((await sideways(page)) <= 0, 'the link scrolls sideways')
        assert.deepEqual(troubles, [])
        await page.context().close()
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
