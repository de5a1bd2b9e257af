import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

const MOST = 80

/** Tabs on until this has the focus; fails where the keyboard does not reach it. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let i = 0; i < MOST; i += 1) {
    if (await wanted.evaluate((element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`the keyboard does not reach ${wanted}`)
}

/** Tabs there and presses Enter. */
export async function pressAt(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted)
  await page.keyboard.press('Enter')
}
