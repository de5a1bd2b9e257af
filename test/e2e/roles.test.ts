import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { mayRole, ROLES, type Role } from '../../src/domain/access.ts'
import { type Need, ROUTES } from '../../src/http/routes.ts'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type FullSite, startFullSite } from '../support/full-site.ts'
import { offersOf } from '../support/offers.ts'
import { addressesOf, PAGE_ROUTES } from '../support/pages.ts'
import { startSite } from '../support/site.ts'
import { signedIn } from '../support/visitor.ts'

const maySee = (role: Role, need: Need | undefined): boolean => need === 'nothing' || (need !== undefined && mayRole(role, need))

/** A page that somebody may not see says who they are here and who may. */
async function refusal(page: Page, role: Role): Promise<void> {
  const words = { viewer: 'a viewer', signer: 'a signer', editor: 'an editor', admin: 'an admin' }
  assert.match(await page.locator('main').innerText(), new RegExp(`the ${role} is ${words[role]} here\\. This needs an? \\w+\\.`))
}

describe('in a browser, each page for each role', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: FullSite

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startFullSite(await engine.open())
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  test('no page is left out', () => {
    assert.deepEqual(Object.keys(addressesOf(site)).toSorted(), PAGE_ROUTES.toSorted())
  })

  for (const role of ROLES)
    test(`${role}: is shown what they may see, told what they may not, and offered nothing that they may not do`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url)
      await page.context().addCookies([site.cookieOf(role)])
      const wrong: string[] = []
      for (const [route, [first, ...others]] of Object.entries(addressesOf(site))) {
        const isSeen = maySee(role, ROUTES[route])
        for (const path of isSeen ? [first, ...others] : [first]) {
          const answer = await page.goto(path)
          assert.equal(answer?.status(), isSeen ? 200 : 403, path)
          if (!isSeen) await refusal(page, role)
          for (const { to, need } of await offersOf(page))
            if (need === 'not there' || !maySee(role, need)) wrong.push(`${path} offers ${to}, which needs ${need}`)
        }
      }
      assert.deepEqual(wrong, [])
      assert.deepEqual(
        troubles.filter((trouble) => !/status of 403/.test(trouble)),
        [],
      )
      await page.context().close()
    })

  test('viewer: the board on which nothing is yet offers nothing that they may not do', async () => {
    const empty = await startSite(await engine.open(), '2026-03-04T09:14:12Z', { auth: 'accounts' })
    const { cookies } = await signedIn(empty.world, 'vic', 'viewer', empty.url)
    const { page, troubles } = await watchedPage(browser, empty.url)
    await page.context().addCookies([{ name: 'affirmative', value: cookies.get('affirmative') ?? '', url: empty.url }])
    await page.goto('/')
    await page.getByText('Ask an admin for an API key').waitFor()
    assert.deepEqual(
      (await offersOf(page)).filter(({ need }) => need === 'not there' || !maySee('viewer', need)),
      [],
    )
    assert.deepEqual(troubles, [])
    await page.context().close()
    await empty.close()
  })
})
