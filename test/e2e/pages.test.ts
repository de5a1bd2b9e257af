import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { noBrowser, startBrowser, watchedPage } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type FullSite, startFullSite } from '../support/full-site.ts'
import { HOSTILE, HOSTILE_AGENT, isInfected } from '../support/hostile.ts'
import { graveFindings, sideways } from '../support/looks.ts'
import { routeOf } from '../support/offers.ts'
import { addressesOf } from '../support/pages.ts'
import { startSite } from '../support/site.ts'
import { formsOf, sendWith } from '../support/typing.ts'

/** Where what others wrote has to stand, as text. */
const SHOWN: Readonly<Record<string, string>> = {
  '/events/hostile': HOSTILE,
  '/events': HOSTILE,
  '/sign-off': HOSTILE,
  '/': HOSTILE,
  '/?wall': HOSTILE,
  '/incidents': HOSTILE,
  '/incidents/2': HOSTILE,
  '/channels': HOSTILE,
  '/channels/1': HOSTILE,
  '/deliveries': HOSTILE,
  '/maintenance': HOSTILE,
  '/settings/people': HOSTILE,
  '/settings/people/1': HOSTILE,
  '/settings/keys': HOSTILE,
  '/settings/audit': HOSTILE,
  '/settings/me': HOSTILE_AGENT,
}

/** What says how to begin. */
const EMPTY = [
  '/',
  '/?wall',
  '/events',
  '/incidents',
  '/sign-off',
  '/channels',
  '/deliveries',
  '/maintenance',
  '/settings',
  '/settings/keys',
  '/settings/audit',
]

describe('every page', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let site: FullSite
  let forStrangers: string[]
  let paths: string[]

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    site = await startFullSite(await engine.open())
    forStrangers = ['/sign-in', site.invitation]
    paths = Object.values(addressesOf(site)).flat()
    paths = [...paths.filter((path) => !forStrangers.includes(path)), '/nothing-here']
  })
  after(async () => {
    await browser.close()
    await site.close()
    await engine.stop()
  })

  const admin = (page: Page) => page.context().addCookies([site.cookieOf('admin')])
  const grave = (troubles: string[]) => troubles.filter((trouble) => !/status of (404|422|403|401|429)/.test(trouble))

  test('nothing runs that somebody writes into any field of any form, hidden ones too', async () => {
    const { page, troubles } = await watchedPage(browser, site.url)
    page.on('dialog', (dialog) => troubles.push(`dialog: ${dialog.message()}`))
    const sent = new Set<string>()
    const send = async (path: string) => {
      await page.goto(path)
      for (const form of (await formsOf(page)).filter(({ to }) => !sent.has(routeOf(to)))) {
        sent.add(routeOf(form.to))
        for (const withHidden of form.hasHidden ? [false, true] : [false]) {
          await page.goto(path)
          await sendWith(page, form, HOSTILE, withHidden)
          assert.equal(await isInfected(page), false, `${form.to} of ${path}`)
        }
      }
    }
    for (const path of forStrangers) await send(path)
    await admin(page)
    for (const path of paths) await send(path)
    assert.ok(sent.size > 14, [...sent].join(', '))
    assert.deepEqual(grave(troubles), [])
    await page.context().close()
  })

  test('what others wrote stands there as text', async () => {
    const { page } = await watchedPage(browser, site.url)
    await admin(page)
    for (const [path, text] of Object.entries(SHOWN)) {
      await page.goto(path)
      assert.ok((await page.locator('main').textContent())?.includes(text), path)
    }
    await page.context().close()
  })

  for (const width of [390, 1280])
    test(`${width} px: ${width === 390 ? 'in light and dark nothing serious for axe, ' : ''}no sideways scrolling, no error, nothing hostile runs`, async () => {
      const { page, troubles } = await watchedPage(browser, site.url, { viewport: { width, height: 900 } })
      const look = async (what: string) => {
        // What axe looks at is the same at each width.
        if (width === 390) assert.deepEqual(await graveFindings(page), [], what)
        assert.ok((await sideways(page)) <= 0, `${what} scrolls sideways`)
        assert.equal(await isInfected(page), false, `${what} holds what somebody wrote as more than text`)
      }
      const open = async (path: string) => {
        await page.goto(path)
        await look(path)
      }
      for (const path of forStrangers) await open(path)
      await admin(page)
      for (const path of paths) await open(path)

      await page.goto('/settings/people')
      await page.getByRole('button', { name: 'Make a link' }).click()
      await page.getByRole('heading', { name: 'The link' }).waitFor()
      await look('the link')
      await page.goto('/sign-off')
      await page.getByLabel('Note').first().fill(HOSTILE)
      await page
        .getByRole('button', { name: /Sign off/ })
        .first()
        .click()
      await page.getByText('Yes, sign it off').waitFor()
      await look('the confirmation')
      assert.deepEqual(grave(troubles), [])
      await page.context().close()
    })

  test('390 px: the same while nothing is there yet', async () => {
    const empty = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    const { page, troubles } = await watchedPage(browser, empty.url, { viewport: { width: 390, height: 900 } })
    for (const path of EMPTY) {
      await page.goto(path)
      assert.deepEqual(await graveFindings(page), [], path)
      assert.ok((await sideways(page)) <= 0, `${path} scrolls sideways`)
    }
    assert.deepEqual(troubles, [])
    await page.context().close()
    await empty.close()
  })

  test('a form of a foreign page changes nothing', async () => {
    const { name, value } = site.cookieOf('admin')
    const headers = { cookie: `${name}=${value}` }
    const foreign = { ...headers, origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(`${site.url}/events/hostile/delete`, { method: 'POST', headers: foreign, body: 'confirm=hostile' })
    assert.equal(answer.status, 403)
    assert.equal((await fetch(`${site.url}/api/v1/events/hostile`, { headers })).status, 200)
  })
})
