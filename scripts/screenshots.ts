import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { acknowledge } from '../src/services/incidents.ts'
import { aQuickWorld } from '../test/simulation/quick-world.ts'
import { noBrowser, startBrowser } from '../test/support/browser.ts'
import { startEngine } from '../test/support/engines.ts'
import { startSite } from '../test/support/site.ts'
import { aVisitor, somebody } from '../test/support/visitor.ts'
import type { World } from '../test/support/world.ts'
import { BEGIN, live } from './a-life.ts'

/** The one that is open, and that somebody has. */
const INCIDENT = 8

/** Every page: its file's name and its address. */
const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['board', '/'],
  ['board-filtered', '/?tag=money'],
  ['wall', '/?wall'],
  ['wall-calm', '/?wall&tag=platform'],
  ['events', '/events'],
  ['event', '/events/etl_3d3de3et_ran_with_no_problems'],
  ['event-of-people', '/events/machine_learning_model_under_control'],
  ['event-1d', '/events/app_xyz_health_check_good?span=1d'],
  ['event-90m', '/events/app_xyz_health_check_good'],
  ['event-delete', '/events/etl_3d3de3et_ran_with_no_problems/delete'],
  ['expectation-new', '/events/backup_ofsite_finished/expectations/new'],
  ['expectation-suggested', '/events/search_index_rebuilt/expectations/new?suggest=1'],
  ['expectation', '/expectations/1/edit'],
  ['expectation-delete', '/expectations/1/delete'],
  ['sign-off', '/sign-off'],
  ['incidents', '/incidents'],
  ['incident', `/incidents/${INCIDENT}`],
  ['incident-closed', '/incidents/1'],
  ['maintenance', '/maintenance'],
  ['settings', '/settings'],
  ['settings-me', '/settings/me'],
  ['people', '/settings/people'],
  ['person', '/settings/people/2'],
  ['keys', '/settings/keys'],
  ['key-revoke', '/settings/keys/1/revoke'],
  ['audit', '/settings/audit'],
  ['about', '/about'],
  ['shortcuts', '/shortcuts'],
  ['problem', '/events/nobody_knows_this'],
]
const WIDTHS = [390, 1280]
const SCHEMES = ['light', 'dark'] as const
const FOLDER = process.argv[2] ?? 'screenshots'

async function take(browser: Browser, base: string, width: number, colorScheme: (typeof SCHEMES)[number]): Promise<void> {
  const context = await browser.newContext({ baseURL: base, colorScheme, viewport: { width, height: width < 700 ? 844 : 800 } })
  const page = await context.newPage()
  await page.goto('/')
  await page.screenshot({ path: join(FOLDER, `sign-in-${width}-${colorScheme}.png`), fullPage: true })
  await context.addCookies(await cookies(base))
  for (const [name, path] of PAGES) {
    await page.goto(path)
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

/** What the README shows: as much of these as a window does. */
async function takeForReadme(browser: Browser, base: string): Promise<void> {
  const shown = [
    { name: 'board', path: '/', colorScheme: 'light' as const, viewport: { width: 1280, height: 1140 } },
    {
      name: 'event',
      path: '/events/app_xyz_health_check_good',
      colorScheme: 'dark' as const,
      viewport: { width: 1280, height: 760 },
    },
    { name: 'sign-off', path: '/sign-off', colorScheme: 'light' as const, viewport: { width: 390, height: 760 } },
  ]
  for (const { name, path, colorScheme, viewport } of shown) {
    const context = await browser.newContext({ baseURL: base, colorScheme, viewport })
    await context.addCookies(await cookies(base))
    const page = await context.newPage()
    await page.goto(path)
    await page.screenshot({ path: join(FOLDER, `readme-${name}.png`) })
    await context.close()
  }
}

/** Ann is signed in. */
async function cookies(url: string): Promise<{ name: string; value: string; url: string }[]> {
  const visitor = aVisitor(site.world)
  await visitor.signIn('ann')
  return [...visitor.cookies].map(([name, value]) => ({ name, value, url }))
}

/** People, keys, and somebody who has what is open. */
async function peopled(world: World): Promise<void> {
  const now = world.clock.now()
  const by = { who: 'user:ann', address: '192.0.2.7' }
  await somebody(world, 'ann', 'admin')
  await somebody(world, 'ben', 'editor')
  await somebody(world, 'cy', 'signer')
  await world.services.keys.make({ name: 'nightly jobs', scopes: ['affirm'], env: 'prod' }, by, now)
  await world.services.keys.make({ name: 'grafana', scopes: ['read'], env: null }, by, now)
  const claim = { who: 'user:ben', note: 'disk full on etl-2, cleared, rerunning', over: null }
  await acknowledge(world.store, INCIDENT, claim, now, { ...by, who: 'user:ben' })
}

if (noBrowser !== false) throw new Error(noBrowser)
mkdirSync(FOLDER, { recursive: true })
const engine = await startEngine('sqlite')
const site = await startSite(await engine.open(), BEGIN, { make: aQuickWorld, timeZone: 'Europe/Berlin', auth: 'accounts' })
const browser = await startBrowser()
try {
  console.log('living a month')
  await live(site.world)
  await peopled(site.world)
  for (const width of WIDTHS) for (const scheme of SCHEMES) await take(browser, site.url, width, scheme)
  await takeForReadme(browser, site.url)
  console.log(`the pictures are in ${FOLDER}/`)
} finally {
  await browser.close()
  await site.close()
  await engine.stop()
}
