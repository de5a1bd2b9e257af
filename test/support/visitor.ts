import type { Person, Role } from '../../src/domain/access.ts'
import type { World } from './world.ts'

export const PASSWORD = 'nine lives of a quiet cat'

export type Seen = { status: number; to: string | null; html: string; headers: Headers; set: string[] }
type Ask = { headers?: Record<string, string>; address?: string }

/** A browser without a window: it keeps cookies as browsers do, and posts forms from our own pages. */
export type Visitor = {
  cookies: Map<string, string>
  get(path: string, ask?: Ask): Promise<Seen>
  /** Any request, with its cookies. */
  ask(method: string, path: string, ask?: Ask): Promise<Seen>
  post(path: string, fields?: Record<string, string>, ask?: Ask): Promise<Seen>
  /** Posts a form as `page` draws it: with its id. Where it goes is the page itself unless said. */
  send(page: string, fields?: Record<string, string>, to?: string): Promise<Seen>
  signIn(name: string, password?: string, ask?: Ask): Promise<Seen>
}

/** Of the form that a page shows; empty where it shows none that has one. */
export const formIdIn = (html: string): string => /name="form" value="([^"]*)"/.exec(html)?.[1] ?? ''

const ADDRESS = '192.0.2.7'

export function aVisitor({ app }: Pick<World, 'app'>, base = 'http://localhost'): Visitor {
  const cookies = new Map<string, string>()

  const keep = (line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }

  const send = async (path: string, init: RequestInit, { headers = {}, address = ADDRESS }: Ask): Promise<Seen> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const all = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...init.headers, ...headers }
    const response = await app.request(
      `${base}${path}`,
      { ...init, headers: all },
      { incoming: { socket: { remoteAddress: address } } },
    )
    const set = response.headers.getSetCookie()
    for (const line of set) keep(line)
    const { status, headers: said } = response
    return { status, to: said.get('location'), html: await response.text(), headers: said, set }
  }

  const visitor: Visitor = {
    cookies,
    get: (path, ask = {}) => send(path, {}, ask),
    ask: (method, path, ask = {}) => send(path, { method }, ask),
    post: (path, fields = {}, ask = {}) =>
      send(
        path,
        {
          method: 'POST',
          headers: { origin: base, 'content-type': 'application/x-www-form-urlencoded' },
          body: `${new URLSearchParams(fields)}`,
        },
        ask,
      ),
    send: async (page, fields = {}, to = page) => visitor.post(to, { ...fields, form: formIdIn((await visitor.get(page)).html) }),
    signIn: (name, password = PASSWORD, ask = {}) => visitor.post('/sign-in', { name, password, to: '' }, ask),
  }
  return visitor
}

/** Somebody who may sign in with {@link PASSWORD}. */
export async function somebody(world: World, name: string, role: Role): Promise<Person> {
  const { links } = world.services
  const token = await links.invite(role, { who: 'test', address: '' }, world.clock.now())
  return links.use(token, { name, password: PASSWORD }, ADDRESS, world.clock.now())
}

/** A browser in which somebody new is signed in. */
export async function signedIn(world: World, name: string, role: Role, base?: string): Promise<Visitor> {
  await somebody(world, name, role)
  const visitor = aVisitor(world, base)
  await visitor.signIn(name)
  return visitor
}
