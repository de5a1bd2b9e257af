import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { aListener } from '../../src/http/direct.ts'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'
import { aWorld } from '../support/world.ts'

describe('in a browser, signing in by an identity provider', { skip: noBrowser }, () => {
  let engine: TestEngine
  let browser: Browser
  let provider: IdentityProvider
  let server: Server
  let url: string

  before(async () => {
    ;[engine, browser, provider] = [await startEngine('sqlite'), await startBrowser(), await startIdentityProvider()]
    let listener: RequestListener = () => undefined
    server = createServer((req, res) => listener(req, res)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    // To the browser localhost is another site than the provider's 127.0.0.1.
    url = `http://localhost:${(server.address() as AddressInfo).port}`
    const said = {
      AFFIRMATIVE_AUTH: 'accounts',
      AFFIRMATIVE_URL: url,
      AFFIRMATIVE_OIDC_ISSUER: provider.issuer,
      AFFIRMATIVE_OIDC_CLIENT_ID: CLIENT.id,
      AFFIRMATIVE_OIDC_CLIENT_SECRET: CLIENT.secret,
      AFFIRMATIVE_OIDC_NAME: 'Example Inc.',
    }
    listener = aListener(aWorld(await engine.open(), '2026-03-04T09:00:00Z', { said }).services)
  })
  after(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
    await provider.close()
    await engine.stop()
  })

  for (const javaScriptEnabled of [true, false])
    test(`leads there, back, and to the page that was asked for; JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled, baseURL: url })
      const page = await context.newPage()
      const troubles: string[] = []
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
      provider.claims = { sub: `js ${javaScriptEnabled}`, name: 'Ann' }
      await page.goto('/events?q=x')
      assert.equal(new URL(page.url()).pathname, '/sign-in')
      await page.getByRole('link', { name: 'Sign in with Example Inc.' }).press('Enter')
      await page.waitForURL('**/events?q=x')
      assert.deepEqual(troubles, [])
      assert.deepEqual(
        (await context.cookies()).map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]),
        [['affirmative', true, 'Lax']],
      )
      await context.close()
    })

  test('what goes wrong is told on the page, where the password is still asked for', async () => {
    const page = await browser.newPage({ baseURL: url })
    await page.goto('/sign-in/oidc/callback?code=x&state=y')
    await page.getByRole('alert').getByText('Begin again here').waitFor()
    assert.equal(await page.getByLabel('Password').isVisible(), true)
    await page.close()
  })
})
