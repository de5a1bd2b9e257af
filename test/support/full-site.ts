import { ROLES, type Role } from '../../src/domain/access.ts'
import { HOUR } from '../../src/domain/time.ts'
import type { Store } from '../../src/store/store.ts'
import { HOSTILE, HOSTILE_AGENT } from './hostile.ts'
import { type Site, startSite } from './site.ts'
import { aVisitor, somebody } from './visitor.ts'
import type { World } from './world.ts'

const nameOf = (role: Role): string => `the ${role}`
const BY = { who: HOSTILE, address: '192.0.2.7' }

export type FullSite = Site & {
  /** The address of a link by which somebody may join. */
  invitation: string
  /** For a browser in which somebody of that role is signed in. */
  cookieOf(role: Role): { name: string; value: string; url: string }
}

async function expectations(world: World): Promise<void> {
  const { declaring, clock } = world
  const long = `an_event_with_a_name_as_long_as_a_name_may_be_${'x'.repeat(60)}_the_end`
  await declaring.registerEvent({ name: 'hostile', description: HOSTILE, tags: ['person'] }, clock.now())
  await world.expects('hostile', { lookback: '10m' })
  await world.expects('hostile', { schedule: '0 9 * * *' }, { env: 'staging' })
  await world.expects(long, { lookback: '1m' })
  await world.expects('negative', { atLeast: 0, atMost: 0, lookback: '1m' })
  await world.expects('late_one', { schedule: '*/5 * * * *', lookback: '5m', grace: '30m' })
  const paused = await world.expects('paused_one', { schedule: '0 9 * * *', where: { path: '$.a', equals: HOSTILE } })
  await declaring.pause(paused, clock.now())
  await declaring.registerEvent({ name: 'waits_for_people', description: HOSTILE, tags: ['person'] }, clock.now())
  await world.expects('waits_for_people', { schedule: '0 12 * * *', lookback: '1d', atLeast: 2, count: 'sources' })
}

async function affirmations(world: World): Promise<void> {
  await world.affirm('hostile', { source: HOSTILE, value: { note: HOSTILE } })
  await world.affirm('hostile', { source: HOSTILE, value: `${HOSTILE} ${'long '.repeat(40)}`, status: 'fail' })
  await world.affirm('unexpected_one', { source: HOSTILE })
}

/** One that is on and holds some, one that comes again and again, one that is over. */
async function maintenance({ services: { maintaining }, clock }: World): Promise<void> {
  const now = clock.now()
  const once = { kind: 'once', from: now, to: now + HOUR } as const
  const sundays = { kind: 'again', expression: '0 2 * * 0', timeZone: 'Europe/Berlin', lasts: HOUR } as const
  await maintaining.plan({ name: HOSTILE, plan: once, match: { events: ['hostile'] } }, now, BY)
  await maintaining.plan({ name: HOSTILE, plan: sundays, match: null }, now, BY)
  const { id } = await maintaining.plan({ name: 'a name of '.repeat(9), plan: once, match: { tags: ['person'] } }, now, BY)
  await maintaining.end(id, now, BY)
}

/** In one repository it is, and in another it was. */
async function places({ services: { placing }, clock }: World): Promise<void> {
  const at = clock.now()
  const found = { repo: HOSTILE, commit: 'a'.repeat(40), committedAt: at - HOUR, link: 'https://git.example/{path}#L{line}' }
  const lines = [{ event: 'hostile', path: `${HOSTILE}/${'long'.repeat(60)}.py`, line: 7 }]
  await placing.push({ ...found, places: lines }, at, BY)
  await placing.push({ ...found, repo: 'old', places: [{ event: 'late_one', path: 'a.py', line: 7 }] }, at, BY)
  await placing.push({ ...found, repo: 'old', committedAt: at - HOUR / 2, places: [] }, at, BY)
}

/** A key, an incident that somebody has, a sign-off, one that was taken back, and changes in the audit log. */
async function acts({ services, store, declaring, clock }: World): Promise<void> {
  const draft = { name: HOSTILE, scopes: ['affirm', 'read', 'write', 'admin'] as const, env: 'x'.repeat(64) }
  await services.keys.make(draft, BY, clock.now())
  await store.acknowledge(2, { who: `user:${HOSTILE}`, note: HOSTILE, over: null }, clock.now(), BY)
  await store.assignIncident(2, { by: `user:${HOSTILE}`, to: HOSTILE }, clock.now(), BY)
  await store.snoozeIncident(2, { by: `user:${HOSTILE}`, until: clock.now() + HOUR }, clock.now(), BY)
  const event = await declaring.event('waits_for_people')
  const signed = { event, env: 'prod', note: HOSTILE, id: null }
  await services.signingOff.signOff({ ...signed, source: `user:${HOSTILE}` }, clock.now())
  const [wrong] = await services.signingOff.recent(event, { source: `user:${HOSTILE}`, mayAll: true, by: BY }, clock.now())
  if (wrong !== undefined)
    await store.withdraw({ event, env: 'prod', at: wrong.at, id: wrong.id, source: `user:${HOSTILE}`, by: BY, now: clock.now() })
  await services.signingOff.signOff({ ...signed, source: `user:${nameOf('signer')}` }, clock.now())
}

/** A channel that fails and one that is switched off, and deliveries in every state. */
async function tellings({ services, store, clock }: World): Promise<void> {
  const { channels, testing } = services
  const at = clock.now()
  const usual = { when: ['missed', 'reminder'], isDefault: false, remindEvery: null, isEnabled: true } as const
  const match = { events: ['etl_*'], tags: ['money'], envs: ['x'.repeat(64)], severities: ['critical'] } as const
  const ntfy = { url: `https://ntfy.example/${HOSTILE}`, token: 'tk_1', headers: { [HOSTILE]: HOSTILE } }
  const first = await channels.make({ ...usual, name: `the ${HOSTILE}`, kind: 'ntfy', settings: ntfy, match }, BY, at)
  const mail = { to: [`${HOSTILE}@example.org`], body: HOSTILE }
  const second = await channels.make({ ...usual, name: 'mail', kind: 'email', settings: mail, match: null }, BY, at)
  await testing(second, { who: HOSTILE, url: '', at })
  const about = { event: HOSTILE, env: 'staging' }
  const owe = () => store.addDelivery({ channel: first.id, kind: 'missed', about, expectation: 1, incident: 1 }, at, at + 60_000)
  await store.settleDelivery(await owe(), { state: 'sent', said: '200' }, at)
  await store.settleDelivery(await owe(), { state: 'withheld', reason: HOSTILE }, at)
  await store.settleDelivery(await owe(), { state: 'failed', reason: 'refused', said: `404 ${HOSTILE} ${'long'.repeat(60)}` }, at)
  await store.settleDelivery(await owe(), { state: 'waiting', nextAt: at + 300_000, said: HOSTILE }, at)
  await channels.turn(second, false, BY, at)
}

/** Something of everything, where people sign in: hostile text wherever somebody can write, every state, long names. */
export async function startFullSite(store: Store): Promise<FullSite> {
  const site = await startSite(store, '2026-03-04T09:14:12Z', { auth: 'accounts', timeZone: 'Europe/Berlin' })
  const { world, url } = site
  await expectations(world)
  await affirmations(world)
  await world.passUntil('2026-03-04T09:21:10Z')
  await somebody(world, HOSTILE, 'viewer')
  const cookies = new Map<Role, string>()
  for (const role of ROLES) {
    await somebody(world, nameOf(role), role)
    const visitor = aVisitor(world, url)
    await visitor.signIn(nameOf(role), undefined, { headers: { 'user-agent': HOSTILE_AGENT } })
    cookies.set(role, visitor.cookies.get('affirmative') ?? '')
  }
  await acts(world)
  await tellings(world)
  await maintenance(world)
  await places(world)
  return {
    ...site,
    invitation: `/welcome/${await world.services.links.invite('signer', BY, world.clock.now())}`,
    cookieOf: (role) => ({ name: 'affirmative', value: cookies.get(role) ?? '', url }),
  }
}
