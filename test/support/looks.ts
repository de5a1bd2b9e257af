import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Finding = { id: string; impact: string; nodes: { html: string }[] }
type Axe = { run(options?: object): Promise<{ violations: Finding[] }> }
type Rules = 'all' | 'colours'

const run = (page: Page, rules: Rules): Promise<Finding[]> =>
  page.evaluate(async (options) => (await (globalThis as unknown as { axe: Axe }).axe.run(options)).violations, {
    resultTypes: ['violations'],
    ...(rules === 'all' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] }),
  })

const graveOf = (findings: Finding[]): string[] =>
  findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)

/** What axe calls serious or critical, in light and in dark: of the second only what colours can do, all else is the same. */
export async function graveFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found: string[] = []
  for (const [colorScheme, rules] of [['light', 'all'] as const, ['dark', 'colours'] as const]) {
    await page.emulateMedia({ colorScheme })
    for (const one of graveOf(await run(page, rules))) found.push(`${colorScheme}: ${one}`)
  }
  return found
}

/** By how many pixels the page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
