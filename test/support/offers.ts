import type { Page } from 'playwright-core'
import { type Need, ROUTES } from '../../src/http/access.ts'

/** Where links, forms and live pieces lead; and links to places of this page that are not there. A text, for the browser alone. */
const COLLECT = `(() => {
  const to = (method, address) => method.toUpperCase() + ' ' + new URL(address, location.href).href.replace(location.origin, '').replace(/[?#].*/, '')
  const all = (selector, asked) => [...document.querySelectorAll(selector)].map(asked)
  return [
    ...all('a[href]:not([href^="#"])', (a) => to('get', a.getAttribute('href'))),
    ...all('form', (form) => to(form.getAttribute('method') ?? 'get', form.getAttribute('action') ?? '')),
    ...all('[formaction]', (button) => to(button.form.getAttribute('method') ?? 'get', button.getAttribute('formaction'))),
    ...all('[hx-get]', (piece) => to('get', piece.getAttribute('hx-get'))),
    ...all('[hx-post]', (piece) => to('post', piece.getAttribute('hx-post'))),
    ...all('a[href^="#"]', (a) => a.getAttribute('href')).filter((place) => document.querySelector(place) === null),
  ]
})()`

const SHAPES = Object.entries(ROUTES)
  .map(([route, need]) => ({ need, shape: new RegExp(`^${route.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`), route }))
  .toSorted((a, b) => (a.route.match(/:/g)?.length ?? 0) - (b.route.match(/:/g)?.length ?? 0))

export type Offer = { to: string; need: Need | 'not there' }

/** All that the page offers, and what each needs. */
export async function offersOf(page: Page): Promise<Offer[]> {
  const found = await page.evaluate<string[]>(COLLECT)
  return [...new Set(found)].map((to) => ({ to, need: SHAPES.find(({ shape }) => shape.test(to))?.need ?? 'not there' }))
}
