import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { systemClock } from '../../src/clock.ts'
import type { Scope } from '../../src/domain/access.ts'
import { BY } from '../support/author.ts'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

const BODY = `<button data-affirm="report_opened" data-affirm-value='{"tab": 2}'><b>Open</b></button>
<form data-affirm="model_signed" data-affirm-value="by hand" action="/thanks"><button>Sign</button></form>
<form data-affirm="" id="plain" action="/thanks"><button>Other</button></form>
<a data-affirm="link_followed" href="/thanks">Follow</a> <a href="/thanks">Leave</a>`

/** A site of somebody else, with a policy that lets in one script and no inline one. */
async function startShop(): Promise<{ server: Server; port: number; show(attributes: string): void }> {
  let tag = ''
  const server = createServer((_, res) => {
    const from = /src="(http:\/\/[^/]+)/.exec(tag)?.[1]
    res.setHeader('content-security-policy', `default-src 'none'; script-src ${from}; connect-src ${from}`)
    res.setHeader('content-type', 'text/html').end(`<!doctype html><title>Shop</title>${tag}${BODY}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    server,
    port,
    show: (attributes) => {
      tag = `<script ${attributes}></script>`
    },
  }
}

describe('data-affirm on a page of another site', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let shop: Awaited<ReturnType<typeof startShop>>
  let open: Site
  let guarded: Site
  let key: string
  let reader: string

  const LISTED = () => `http://shop.localhost:${shop.port}`
  const FOREIGN = () => `http://evil.localhost:${shop.port}`

  before(async () => {
    engine = await startEngine('sqlite')
    browser = await startBrowser()
    shop = await startShop()
    const said = { AFFIRMATIVE_ALLOWED_ORIGINS: LISTED() }
    open = await startSite(await engine.open(), systemClock.now(), { said })
    guarded = await startSite(await engine.open(), systemClock.now(), { said, auth: 'accounts' })
    const make = async (scopes: Scope[], env: string | null) =>
      (await guarded.world.services.keys.make({ name: scopes.join(), scopes, env }, BY, guarded.world.clock.now())).secret
    key = await make(['affirm'], 'staging')
    reader = await make(['read'], null)
  })
  after(async () => {
    await browser.close()
    shop.server.close()
    await open.close()
    await guarded.close()
    await engine.stop()
  })

  const visit = async (origin: string, attributes: string): Promise<Page> => {
    shop.show(attributes)
    const page = await (await browser.newContext()).newPage()
    await page.goto(origin)
    return page
  }
  type Seen = { env: string; source: string; value: unknown }
  const seenAt = async ({ world }: Site, event: string): Promise<Seen[]> => {
    const headers: Record<string, string> = world === guarded.world ? { authorization: `Bearer ${reader}` } : {}
    const answer = await world.app.request(`/api/v1/events/${event}/affirmations`, { headers })
    const { items = [] } = (await answer.json()) as { items?: Seen[] }
    return items.map(({ env, source, value }) => ({ env, source, value }))
  }
  /** The first that arrives, of what a page sends in its own time. */
  const arrived = async (site: Site, event: string): Promise<Seen[]> => {
    for (let tries = 0; tries < 200; tries += 1) {
      const seen = await seenAt(site, event)
      if (seen.length > 0) return seen
      await systemClock.sleep(25)
    }
    return assert.fail(`${event} did not arrive`)
  }
  const script = ({ url }: Site, more = '') => `src="${url}/affirm.js" data-env="staging" data-source="shop" ${more}`
  /** What is asked of a server from now on. A browser does not tell of its beacons. */
  const asked = ({ world: { app } }: Site): string[] => {
    const paths: string[] = []
    const { fetch } = app
    app.fetch = (request, ...more) => {
      paths.push(`${request.method} ${new URL(request.url).pathname}`)
      return fetch(request, ...more)
    }
    return paths
  }

  test('a click and a submit arrive, with what is said beside them', async () => {
    const page = await visit(LISTED(), script(open))
    await page.getByText('Open').click()
    assert.deepEqual(await arrived(open, 'report_opened'), [{ env: 'staging', source: 'shop', value: { tab: 2 } }])
    await page.getByText('Other').click()
    await page.getByText('Sign').click()
    assert.deepEqual(await arrived(open, 'model_signed'), [{ env: 'staging', source: 'shop', value: 'by hand' }])
    assert.equal((await seenAt(open, 'report_opened')).length, 1)
    await page.context().close()
  })

  test('what was clicked on the way out arrives by a beacon, once', async () => {
    const page = await visit(LISTED(), script(open))
    const paths = asked(open)
    await page.getByText('Follow').click()
    assert.deepEqual(await arrived(open, 'link_followed'), [{ env: 'staging', source: 'shop', value: null }])
    await page.waitForURL('**/thanks')
    assert.ok(paths.includes('POST /affirm/link_followed'), paths.join())
    assert.equal((await seenAt(open, 'link_followed')).length, 1)
    await page.context().close()
  })

  test('with a key, too: a beacon can show none, so it goes as a request that outlives the page', async () => {
    const page = await visit(LISTED(), script(guarded, `data-key="${key}"`))
    const paths = asked(guarded)
    await page.getByText('Follow').click()
    assert.deepEqual(await arrived(guarded, 'link_followed'), [{ env: 'staging', source: 'shop', value: null }])
    await page.waitForURL('**/thanks')
    assert.ok(!paths.includes('POST /affirm/link_followed'), paths.join())
    await page.context().close()
  })

  test('from an origin that is not listed nothing arrives, with or without a key, staying or leaving', async () => {
    for (const [site, more] of [
      [open, ''],
      [guarded, `data-key="${key}"`],
    ] as const) {
      const page = await visit(FOREIGN(), script(site, more))
      const failed = page.waitForEvent('requestfailed')
      await page.evaluate("void affirmative.affirm('foreign', 'staying')")
      await failed
      await page.evaluate("void affirmative.affirm('foreign', 'leaving')")
      await page.getByText('Leave').click()
      await page.waitForURL('**/thanks')
      await systemClock.sleep(100)
      assert.deepEqual(await seenAt(site, 'foreign'), [])
      await page.context().close()
    }
  })
})
