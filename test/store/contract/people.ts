import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '../../../src/domain/access.ts'
import type { Account, Link } from '../../../src/domain/people.ts'
import { DAY } from '../../../src/domain/time.ts'
import type { Store } from '../../../src/store/store.ts'
import type { Open } from './steps.ts'

const BY = { who: 'user:ann', address: '192.0.2.1' }
const stamp = (at = 5) => ({ at, by: BY })
const link = (some: Partial<Link> = {}): Link => ({
  kind: 'invitation',
  role: 'editor',
  person: null,
  createdBy: 'user:ann',
  createdAt: 0,
  expiresAt: DAY,
  ...some,
})
let made = 0
const fresh = (): string => {
  made += 1
  return `hash-${made}`
}

export async function aPerson(store: Store, name: string, role: Role): Promise<Account> {
  const hash = fresh()
  await store.makeLink(hash, link({ role }), BY)
  const joined = await store.useLink(hash, { name, password: `of ${name}` }, 1, '192.0.2.2')
  assert.ok(typeof joined === 'object', `${joined}`)
  return joined
}

const begin = async (store: Store, person: Account, createdAt = 0): Promise<string> => {
  const hash = fresh()
  await store.beginSession({ hash, personId: person.id, createdAt, address: 'here', agent: 'Firefox' }, 50)
  return hash
}
const actions = async (store: Store): Promise<string[]> =>
  (await store.changes({}, { limit: 100, cursor: null })).items.map(({ action, subject }) => `${action} ${subject}`)

export function people(open: Open): void {
  test('one name in any spelling is one person, by name in the list, and never given again', async (t) => {
    const store = await open(t)
    const zoe = await aPerson(store, 'Zoë', 'admin')
    await aPerson(store, 'ann', 'viewer')
    assert.deepEqual(await store.findPersonNamed('ZOË'), zoe)
    assert.deepEqual(
      (await store.people()).map(({ name }) => name),
      ['ann', 'Zoë'],
    )
    await store.makeLink('l', link(), BY)
    assert.equal(await store.useLink('l', { name: 'ANN', password: 'p' }, 1, 'x'), 'name-taken')
    assert.ok(typeof (await store.useLink('l', { name: 'Bob', password: 'p' }, 1, 'x')) === 'object', 'the link was left')
    const ann = (await store.findPersonNamed('ann')) ?? assert.fail()
    await store.endPerson(ann.id, stamp())
    await store.makeLink('m', link(), BY)
    assert.equal(await store.useLink('m', { name: 'ann', password: 'p' }, 1, 'x'), 'name-taken')
  })

  test('a role is changed and noted; the same role is no change', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'viewer')
    assert.equal(((await store.changeRole(ann.id, 'editor', stamp())) as Account).role, 'editor')
    await store.changeRole(ann.id, 'editor', stamp())
    const { items } = await store.changes({}, { limit: 1, cursor: null })
    assert.deepEqual(items, [
      {
        ...{ id: items[0]?.id, at: 5, by: BY, action: 'person.role', subject: 'ann' },
        before: { role: 'viewer' },
        after: { role: 'editor' },
      },
    ])
  })

  test('the last admin is neither ended nor made less, and nothing is noted', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'admin')
    const ben = await aPerson(store, 'ben', 'admin')
    assert.ok(typeof (await store.changeRole(ben.id, 'viewer', stamp())) === 'object')
    const noted = await actions(store)
    assert.equal(await store.changeRole(ann.id, 'editor', stamp()), 'last-admin')
    assert.equal(await store.endPerson(ann.id, stamp()), 'last-admin')
    assert.deepEqual(await actions(store), noted)
    assert.equal((await store.findPerson(ann.id))?.role, 'admin')
  })

  test('who has ended stays in the list without sessions, and is not changed any more', async (t) => {
    const store = await open(t)
    await aPerson(store, 'ann', 'admin')
    const ben = await aPerson(store, 'ben', 'viewer')
    const hash = await begin(store, ben)
    assert.ok(typeof (await store.endPerson(ben.id, stamp(7))) === 'object')
    assert.equal((await store.findPerson(ben.id))?.endedAt, 7)
    assert.equal(await store.findSession(hash), null)
    assert.deepEqual(await store.sessionsOf(ben.id), [])
    assert.equal(await store.endPerson(ben.id, stamp()), null)
    assert.equal(await store.changeRole(ben.id, 'admin', stamp()), null)
    assert.equal(await store.changePassword(ben.id, 'new', null, stamp()), false)
    assert.equal(await store.passwordOf(ben.id), 'of ben')
  })

  test('a session begins, and a password is changed, only while what was proved for it still holds', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'admin')
    const session = { personId: ann.id, createdAt: 0, address: 'here', agent: 'Firefox' }
    assert.equal(await store.beginSession({ ...session, hash: 'a' }, 50, 'of ann'), true)
    assert.equal(await store.changePassword(ann.id, 'new', null, stamp(), 'of ann'), true)
    assert.equal(await store.changePassword(ann.id, 'newer', null, stamp(), 'of ann'), false)
    assert.equal(await store.beginSession({ ...session, hash: 'b' }, 50, 'of ann'), false)
    assert.deepEqual(await store.sessionsOf(ann.id), [])
    assert.equal(await store.passwordOf(ann.id), 'new')
    const ben = await aPerson(store, 'ben', 'viewer')
    await store.endPerson(ben.id, stamp())
    assert.equal(await store.beginSession({ ...session, personId: ben.id, hash: 'c' }, 50), false)
  })

  test('a new password ends all other sessions and makes open links for a new password void', async (t) => {
    const store = await open(t)
    const [ann, ben] = [await aPerson(store, 'ann', 'admin'), await aPerson(store, 'ben', 'viewer')]
    const [mine, other, bens] = [await begin(store, ann), await begin(store, ann), await begin(store, ben)]
    await store.makeLink('forgotten', link({ kind: 'password', person: ann.id }), BY)
    const kept = (await store.findSession(mine))?.session.id ?? null
    assert.equal(await store.changePassword(ann.id, 'new', kept, stamp()), true)
    assert.equal(await store.passwordOf(ann.id), 'new')
    assert.deepEqual(await Promise.all([mine, other, bens].map(async (hash) => (await store.findSession(hash)) !== null)), [
      true,
      false,
      true,
    ])
    assert.equal(await store.findLink('forgotten', 1), null)
    assert.equal((await actions(store))[0], 'person.password ann')
  })

  test('whom another system knows is made once, with a free name', async (t) => {
    const store = await open(t)
    await aPerson(store, 'Ann', 'admin')
    const made = await store.identified({ name: 'ann', role: 'viewer', identity: 'https://id|1' }, stamp())
    assert.equal(made.name, 'ann 2')
    assert.equal(made.hasPassword, false)
    assert.deepEqual(await store.identified({ name: 'other', role: 'admin', identity: 'https://id|1' }, stamp()), made)
    assert.equal((await store.identified({ name: 'ANN', role: 'viewer', identity: '2' }, stamp())).name, 'ANN 3')
  })

  test('the audit log never holds a hash', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'admin')
    await store.makeLink('SECRET-1', link({ kind: 'password', person: ann.id }), BY)
    await store.useLink('SECRET-1', { name: '', password: 'SECRET-2' }, 1, 'x')
    await store.changePassword(ann.id, 'SECRET-3', null, stamp())
    const { items } = await store.changes({}, { limit: 100, cursor: null })
    assert.ok(items.length >= 4)
    assert.doesNotMatch(JSON.stringify(items), /SECRET|of ann|hash/)
  })
}

export function links(open: Open): void {
  test('a link works once, and until it ends', async (t) => {
    const store = await open(t)
    await store.makeLink('l', link({ expiresAt: 10 }), BY)
    assert.deepEqual(await store.findLink('l', 9), link({ expiresAt: 10 }))
    assert.equal(await store.findLink('l', 10), null)
    assert.equal(await store.useLink('l', { name: 'ann', password: 'p' }, 10, 'x'), 'gone')
    assert.ok(typeof (await store.useLink('l', { name: 'ann', password: 'p' }, 9, 'x')) === 'object')
    assert.equal(await store.useLink('l', { name: 'ben', password: 'p' }, 9, 'x'), 'gone')
    assert.equal(await store.findLink('l', 9), null)
    assert.equal(await store.findLink('nothing', 9), null)
  })

  test('a link for the set-up makes those before it void, and none works once there is an admin', async (t) => {
    const store = await open(t)
    const setUp = link({ kind: 'set-up', role: 'admin' })
    await aPerson(store, 'vic', 'viewer')
    await store.makeLink('older', setUp, BY)
    await store.makeLink('newer', setUp, BY)
    assert.equal(await store.useLink('older', { name: 'ann', password: 'p' }, 1, 'x'), 'gone')
    assert.equal(((await store.useLink('newer', { name: 'ann', password: 'p' }, 1, 'x')) as Account).role, 'admin')
    await store.makeLink('late', setUp, BY)
    assert.equal(await store.useLink('late', { name: 'eve', password: 'p' }, 1, 'x'), 'gone')
  })

  test('a link for a new password is of one person, and of nobody when they have ended', async (t) => {
    const store = await open(t)
    await aPerson(store, 'ann', 'admin')
    const ben = await aPerson(store, 'ben', 'viewer')
    const session = await begin(store, ben)
    await store.makeLink('one', link({ kind: 'password', person: ben.id }), BY)
    await store.makeLink('two', link({ kind: 'password', person: ben.id }), BY)
    assert.equal(((await store.useLink('one', { name: 'x', password: 'new' }, 1, 'x')) as Account).name, 'ben')
    assert.equal(await store.passwordOf(ben.id), 'new')
    assert.equal(await store.findSession(session), null)
    assert.equal(await store.useLink('two', { name: 'x', password: 'newer' }, 1, 'x'), 'gone', 'it is void with the first')
    await store.makeLink('three', link({ kind: 'password', person: ben.id }), BY)
    await store.endPerson(ben.id, stamp())
    assert.equal(await store.useLink('three', { name: 'x', password: 'newest' }, 1, 'x'), 'gone')
    assert.deepEqual((await actions(store)).slice(0, 3), ['person.end ben', 'person.password-link ben', 'person.password ben'])
  })
}

export function sessions(open: Open): void {
  test('a session is found by its hash with whose it is, and seen later', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'admin')
    const hash = await begin(store, ann, 3)
    const found = (await store.findSession(hash)) ?? assert.fail()
    assert.deepEqual(found.account, ann)
    const { id } = found.session
    assert.deepEqual(found.session, { id, personId: ann.id, createdAt: 3, seenAt: 3, address: 'here', agent: 'Firefox' })
    await store.seeSession(id, 9)
    await store.seeSession(id, 5)
    assert.equal((await store.findSession(hash))?.session.seenAt, 9, 'it is not seen earlier than it was')
    assert.equal(await store.findSession('nothing'), null)
  })

  test('the oldest end where there would be too many', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'admin')
    for (const createdAt of [1, 2, 3]) {
      const session = { personId: ann.id, createdAt, address: 'here', agent: '' }
      await store.beginSession({ ...session, hash: `${createdAt}` }, 2)
    }
    assert.deepEqual(
      (await store.sessionsOf(ann.id)).map(({ createdAt }) => createdAt),
      [3, 2],
    )
  })

  test('one, all others, or all of a person end, and nobody else’s; noted where somebody else did it', async (t) => {
    const store = await open(t)
    const [ann, ben] = [await aPerson(store, 'ann', 'admin'), await aPerson(store, 'ben', 'viewer')]
    const hashes = [await begin(store, ann), await begin(store, ann), await begin(store, ann)]
    const bens = await begin(store, ben)
    const [a, b] = await Promise.all(hashes.map(async (hash) => (await store.findSession(hash))?.session.id ?? 0))
    const before = await actions(store)
    assert.equal(await store.endSessions(ben.id, { only: a ?? 0 }, null), 0, 'it is not ben’s')
    assert.equal(await store.endSessions(ann.id, { only: a ?? 0 }, null), 1)
    assert.equal(await store.endSessions(ann.id, { but: b ?? 0 }, null), 1)
    assert.deepEqual(await actions(store), before)
    assert.equal(await store.endSessions(ann.id, { but: null }, stamp()), 1)
    assert.equal((await actions(store))[0], 'session.end ann')
    assert.notEqual(await store.findSession(bens), null)
    await store.signOut(bens)
    assert.equal(await store.findSession(bens), null)
  })

  test('what is over is cleared away in small steps, links too', async (t) => {
    const store = await open(t)
    const ann = await aPerson(store, 'ann', 'admin')
    const [old, unseen, good] = [await begin(store, ann, 10), await begin(store, ann, 50), await begin(store, ann, 50)]
    for (const [hash, at] of [[old, 95] as const, [good, 99] as const])
      await store.seeSession((await store.findSession(hash))?.session.id ?? 0, at)
    await store.makeLink('old', link({ expiresAt: 15 }), BY)
    const before = { seen: 90, begun: 20 }
    while (await store.clearSessions(before, 1));
    assert.deepEqual(await Promise.all([old, unseen, good].map(async (hash) => (await store.findSession(hash)) !== null)), [
      false,
      false,
      true,
    ])
    assert.equal(await store.findLink('old', 1), null)
  })
}
