import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { aQuickWorld } from '../test/simulation/quick-world.ts'
import { noBrowser, startBrowser } from '../test/support/browser.ts'
import { startEngine } from '../test/support/engines.ts'
import { startSite } from '../test/support/site.ts'
import { BEGIN, live } from './a-life.ts'

/** Every page: its file's name and its address. Of what answers 404 there is no picture. */
const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['board', '/'],
  ['board-filtered', '/?tag=money'],
  ['wall', '/?wall'],
  ['wall-calm', '/?wall&tag=platform'],
  ['events', '/events'],
  ['event', '/events/etl_3d3de3et_ran_with_no_problems'],
  ['event-of-people', '/events/machine_learning_model_under_control'],
  ['expectation-new', '/events/backup_ofsite_finished/expectations/new'],
  ['expectation', '/expectations/1/edit'],
  ['expectation-delete', '/expectations/1/delete'],
  ['sign-off', '/sign-off'],
  ['incidents', '/incidents'],
  ['incident', '/incidents/1'],
  ['settings', '/settings'],
  ['settings-me', '/settings/me'],
  ['people', '/settings/people'],
  ['keys', '/settings/keys'],
  ['audit', '/settings/audit'],
  ['about', '/about'],
  ['shortcuts', '/shortcuts'],
  ['sign-in', '/sign-in'],
  ['problem', '/events/nobody_knows_this'],
]
const WIDTHS = [390, 1280]
const SCHEMES = ['light', 'dark'] as const
const FOLDER = process.argv[2] ?? 'screenshots'

async function take(browser: Browser, base: string, width: number, colorScheme: (typeof SCHEMES)[number]): Promise<void> {
  const context = await browser.newContext({ baseURL: base, colorScheme, viewport: { width, height: width < 700 ? 844 : 800 } })
  const page = await context.newPage()
  for (const [name, path] of PAGES) {
    const answer = await page.goto(path)
    if (answer?.status() === 404 && name !== 'problem') {
      console.log(`${path} is not there: no picture of it`)
      continue
    }
    const isWall = name.startsWith('wall')
    await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), fullPage: !isWall })
  }
  if (colorScheme === 'light' && width > 700) {
    await page.goto('/')
    await page.emulateMedia({ media: 'print' })
    await page.screenshot({ path: join(FOLDER, 'board-on-paper.png'), fullPage: true })
  }
  await context.close()
}

if (noBrowser !== false) throw new Error(noBrowser)
mkdirSync(FOLDER, { recursive: true })
const engine = await startEngine('sqlite')
const site = await startSite(await engine.open(), BEGIN, { make: aQuickWorld, timeZone: 'Europe/Berlin' })
const browser = await startBrowser()
try {
  console.log('living a month')
  await live(site.world)
  for (const width of WIDTHS) for (const scheme of SCHEMES) await take(browser, site.url, width, scheme)
  console.log(`the pictures are in ${FOLDER}/`)
} finally {
  await browser.close()
  await site.close()
  await engine.stop()
}
