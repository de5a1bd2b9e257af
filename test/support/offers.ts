import type { Page } from 'playwright-core'
import { type Need, ROUTES } from '../../src/http/routes.ts'

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

const parameters = (route: string): number => route.split(':').length
/** The plainer of two that fit comes first. */
const SHAPES = Object.keys(ROUTES)
  .toSorted((a, b) => parameters(a) - parameters(b))
  .map((route) => ({ route, shape: new RegExp(`^${route.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`) }))

/** What answers `GET /events/x`: `GET /events/:event`; nothing where nothing does. */
export const routeOf = (to: string): string => SHAPES.find(({ shape }) => shape.test(to))?.route ?? ''

export type Offer = { to: string; need: Need | 'not there' }

/** All that the page offers, and what each needs. */
export async function offersOf(page: Page): Promise<Offer[]> {
  // Links to elsewhere, as to code, are nothing that is offered here.
  const found = (await page.evaluate<string[]>(COLLECT)).filter((to) => !to.startsWith('GET https:'))
  return [...new Set(found)].map((to) => ({ to, need: ROUTES[routeOf(to)] ?? 'not there' }))
}
