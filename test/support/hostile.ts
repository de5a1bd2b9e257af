import type { Page } from 'playwright-core'

/** What somebody writes who wants it to run. Short enough for every field. */
export const HOSTILE = `"'><script>hasRun=1</script><img src=x onerror=hasRun=1>`
/** The same for what is shown cut off. */
export const HOSTILE_AGENT = '<img src=x onerror=hasRun=1>'

/** Whether any of it became more than text, be it that our policy kept it from running. */
export const isInfected = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(
    `'hasRun' in globalThis || document.querySelector('[src="x"], [onerror]') !== null || [...document.scripts].some(({ text }) => text !== '')`,
  )
