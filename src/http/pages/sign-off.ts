import { type Context, Hono } from 'hono'
import { nanoid } from 'nanoid'
import * as v from 'valibot'
import { eventPath, withQuery } from '../../../views/addresses.ts'
import type { AskView, SignOffPage as Page } from '../../../views/models.sign-off.ts'
import type { SignOffField } from '../../../views/models.ts'
import { SignOffPage } from '../../../views/pages/sign-off.tsx'
import { nameOf } from '../../domain/access.ts'
import { isEnv } from '../../domain/event.ts'
import { readAsk, readAsks } from '../../services/asks.ts'
import { actorIn } from '../access.ts'
import { readQuery } from '../query.ts'
import { search } from '../schema/fields.ts'
import type { Services } from '../services.ts'
import { askView } from './ask-views.ts'
import { attempt, mistaken, type Posted, readForm, typed } from './form.ts'
import { frameOf } from './frame.ts'
import { rememberedName, rememberName, signerOf, undoerOf, undoView } from './signer.ts'

const FIELDS = ['by', 'note', 'env'] as const satisfies readonly SignOffField[]
/** What is wrong with a hidden one is said at the note, which everybody has. */
const SEEN = ['note', 'by'] as const
const pageQuery = v.object({ env: v.optional(search, '') })
const LONGEST_ID = 40

/** The asks with one of them changed, which comes first when it was not among them. */
const withOne = (asks: readonly AskView[], one: AskView): AskView[] => {
  const isSame = ({ event, env }: AskView) => event === one.event && env === one.env
  return asks.some(isSame) ? asks.map((ask) => (isSame(ask) ? one : ask)) : [one, ...asks]
}

const numberIn = (posted: Posted, field: string): number => (/^\d{1,16}$/.test(posted(field)) ? Number(posted(field)) : -1)

/** `GET /sign-off`, confirming and signing there, and taking it back. */
export function signOffRoutes(services: Services): Hono {
  const { store, declaring, signingOff, clock, changes, settings } = services
  const app = new Hono()
  const eventOf = (c: Context) => declaring.event(c.req.param('event') ?? '')
  const filterOf = (c: Context): string => readQuery(c, pageQuery).env
  const viewFor = (c: Context) => (ask: Parameters<typeof askView>[0]) => askView(ask, nameOf(actorIn(c)), rememberedName(c))

  const pageOf = async (c: Context, changed: AskView | null = null): Promise<Page> => {
    const env = filterOf(c)
    const now = clock.now()
    const undoer = undoerOf(c, services)
    const [{ asks, total }, envs, frame] = await Promise.all([
      readAsks(store, env, now),
      store.environments(),
      frameOf(c, services),
    ])
    const views = asks.map(viewFor(c))
    const recent = asks.flatMap(({ lately }) => signingOff.undoable(lately, undoer, now))
    return {
      ...{ frame, env, envs, defaultEnv: settings.env },
      waiting: views.filter(({ standing }) => standing === 'waiting').length,
      asks: changed === null ? views : withOne(views, changed),
      more: total - asks.length,
      undo: recent.toSorted((a, b) => b.at - a.at).map(undoView(undoer)),
    }
  }

  app.get('/sign-off', async (c) => c.html(SignOffPage({ page: await pageOf(c) })))

  // Asked once and confirmed once: a slip of the finger must not say that something happened.
  app.post('/sign-off/:event', async (c) => {
    const event = await eventOf(c)
    const posted = await readForm(c)
    const values = typed(FIELDS, posted)
    const env = values.env.trim() || settings.env
    const isSure = posted('sure') === 'yes'
    const tried = await attempt(async () => {
      const source = signerOf(c, values.by)
      const signOff = { event, env, source, note: values.note, id: posted('id').slice(0, LONGEST_ID) || null }
      signingOff.check(signOff, clock.now())
      if (isSure) await signingOff.signOff(signOff, clock.now())
      return source
    })
    if (isSure && 'result' in tried) {
      rememberName(c, values.by)
      changes.tell()
      return c.redirect(withQuery('/sign-off', { env: filterOf(c) }), 303)
    }
    const ask = await askOf(c, event.name, isEnv(env) ? env : settings.env)
    if ('errors' in tried) {
      const form = mistaken<SignOffField>(SEEN, values, tried.errors)
      return c.html(SignOffPage({ page: await pageOf(c, { ...ask, form }) }), 422)
    }
    const confirm = { id: nanoid(), name: tried.result.replace(/^user:/, '') }
    return c.html(SignOffPage({ page: await pageOf(c, { ...ask, form: { values, errors: {} }, confirm }) }))
  })

  app.post('/sign-off/:event/undo', async (c) => {
    const event = await eventOf(c)
    const posted = await readForm(c)
    const signed = { event, env: posted('env'), at: numberIn(posted, 'at'), id: numberIn(posted, 'id') }
    await signingOff.undo(signed, undoerOf(c, services), clock.now())
    changes.tell()
    const back = posted('back') === 'event' ? eventPath(event.name) : '/sign-off'
    return c.redirect(withQuery(back, { env: back === '/sign-off' ? filterOf(c) : '', done: 'taken-back' }), 303)
  })

  /** As it stands on the page; one that nobody asked for has nothing but its event. */
  async function askOf(c: Context, event: string, env: string): Promise<AskView> {
    const { asks } = await readAsks(store, env, clock.now())
    const ask = asks.find((one) => one.event.name === event && one.env === env)
    return viewFor(c)(ask ?? (await readAsk(store, await eventOf(c), env)))
  }

  return app
}
