import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why the browser tests cannot run here; false when they can. */
export const noBrowser: string | false = existsSync(PATH) ? false : `there is no Chromium at ${PATH}; install it or set CHROMIUM`

export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PATH, args: ARGS })

/** A page that notes what must not happen: errors, and requests that leave the server. */
export async function watchedPage(
  browser: Browser,
  base: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({ baseURL: base, ...options })
  // Longer than the slowest way of news: the stream's heartbeat.
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) troubles.push(`left the server: ${request.url()}`)
  })
  return { page, troubles }
}
