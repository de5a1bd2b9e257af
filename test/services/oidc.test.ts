import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { anOidc, type Begun, type Oidc, type OidcSettings, type SignInTrouble } from '../../src/services/oidc.ts'
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'

const BACK = 'https://affirm.example.org/sign-in/oidc/callback'

describe('signing in by an identity provider', () => {
  let provider: IdentityProvider
  let oidc: Oidc
  let said: { fields: object; message: string }[]
  const note = (fields: object, message: string) => void said.push({ fields, message })

  const settings = (): OidcSettings => ({
    issuer: provider.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    role: 'viewer',
    name: 'ours',
    redirectTo: BACK,
  })
  const known = (with_: Partial<OidcSettings> = {}): Oidc =>
    anOidc({ ...settings(), ...with_ }, { debug: note, info: note, warn: note, error: note })

  before(async () => {
    provider = await startIdentityProvider()
  })
  after(() => provider.close())
  beforeEach(() => {
    Object.assign(provider, {
      claims: { sub: '1', preferred_username: 'ann' },
      moreClaims: {},
      refuses: null,
      nonce: null,
      isForger: false,
      isDown: false,
      asked: {},
    })
    said = []
    oidc = known()
  })

  /** There and back as a browser goes: with what it comes back, and what it kept. */
  const wentThere = async (by = oidc): Promise<{ query: string; begun: Begun }> => {
    const going = await by.begin()
    assert.ok(typeof going === 'object')
    const answer = await fetch(going.url, { redirect: 'manual' })
    const location = answer.headers.get('location') ?? ''
    assert.ok(location.startsWith(`${BACK}?`))
    return { query: new URL(location).search.slice(1), begun: going.begun }
  }
  const signedIn = async (by = oidc) => {
    const { query, begun } = await wentThere(by)
    return by.finish(query, begun)
  }
  const isTrouble = async (kind: SignInTrouble, told: RegExp) => {
    assert.equal(await signedIn(), kind)
    assert.match(JSON.stringify(said), told)
    assert.doesNotMatch(JSON.stringify(said), /a secret|the-access-token/)
  }

  test('who comes is known by issuer and subject, and called by their user name', async () =>
    assert.deepEqual(await signedIn(), { identity: `oidc:${provider.issuer}#1`, name: 'ann' }))

  test('without a user name by their name, their address, or whatever they are there', async () => {
    provider.claims = { sub: '1', name: 'Ann Other', email: 'ann@example.org' }
    assert.deepEqual(await signedIn(), { identity: `oidc:${provider.issuer}#1`, name: 'Ann Other' })
    provider.claims = { sub: '1', preferred_username: ' ', email: 'ann@example.org' }
    assert.deepEqual(await signedIn(), { identity: `oidc:${provider.issuer}#1`, name: 'ann@example.org' })
    provider.claims = { sub: '1', name: 7 }
    assert.deepEqual(await signedIn(), { identity: `oidc:${provider.issuer}#1`, name: '1' })
  })

  test('a name that is told only to who asks for it is asked for', async () => {
    provider.claims = { sub: '1' }
    provider.moreClaims = { preferred_username: 'ann' }
    assert.deepEqual(await signedIn(), { identity: `oidc:${provider.issuer}#1`, name: 'ann' })
  })

  test('what is asked for is a code, for this client, with a challenge, a state and a nonce of its own', async () => {
    const urls = [await oidc.begin(), await oidc.begin()].map((going) => new URL(typeof going === 'object' ? going.url : ''))
    const said = (name: string) => urls.map((url) => url.searchParams.get(name))
    assert.deepEqual(said('client_id'), ['affirmative', 'affirmative'])
    assert.deepEqual(said('response_type'), ['code', 'code'])
    assert.deepEqual(said('redirect_uri'), [BACK, BACK])
    assert.deepEqual(said('code_challenge_method'), ['S256', 'S256'])
    for (const name of ['state', 'nonce', 'code_challenge']) assert.equal(new Set(said(name)).size, 2, name)
  })

  test('its configuration is read once, and not before somebody signs in', async () => {
    assert.deepEqual(provider.asked, {})
    await signedIn()
    await signedIn()
    assert.equal(provider.asked['/.well-known/openid-configuration'], 1)
  })

  test('an answer to another question is stale, and asks the provider nothing', async () => {
    const [one, other] = [await wentThere(), await wentThere()]
    assert.equal(await oidc.finish(one.query, other.begun), 'stale')
    assert.equal(await oidc.finish('code=x', one.begun), 'stale')
    assert.equal(provider.asked['/token'], undefined)
  })

  test('a code counts once', async () => {
    const { query, begun } = await wentThere()
    assert.equal(typeof (await oidc.finish(query, begun)), 'object')
    assert.equal(await oidc.finish(query, begun), 'stale')
  })

  test('a code without what its challenge was made of is worth nothing', async () => {
    const { query, begun } = await wentThere()
    assert.equal(await oidc.finish(query, { ...begun, verifier: 'x'.repeat(43) }), 'stale')
  })

  test('a token of another question is not believed', async () => {
    provider.nonce = 'of another one'
    await isTrouble('invalid', /JWT_CLAIM_COMPARISON/)
  })

  test('a token that somebody else signed is not believed', async () => {
    provider.isForger = true
    await isTrouble('invalid', /signature/)
  })

  test('a token for another client, or of another issuer, is not believed', async () => {
    provider.claims = { sub: '1', aud: 'another' }
    await isTrouble('invalid', /JWT_CLAIM_COMPARISON/)
    provider.claims = { sub: '1', iss: 'https://another.example' }
    await isTrouble('invalid', /JWT_CLAIM_COMPARISON/)
  })

  test('a token that has run out is not believed', async () => {
    provider.claims = { sub: '1', exp: 1_000_000_000 }
    await isTrouble('invalid', /TIMESTAMP/)
  })

  test('a provider that says no says it for the person', async () => {
    provider.refuses = 'access_denied'
    await isTrouble('refused', /access_denied/)
  })

  test('a provider that does not know our secret is a mistake of ours, told in the log', async () => {
    assert.equal(await signedIn(known({ clientSecret: 'wrong' })), 'invalid')
    assert.match(JSON.stringify(said), /invalid_client/)
  })

  test('a provider that is down is told, and asked again by the next one', async () => {
    provider.isDown = true
    assert.equal(await oidc.begin(), 'unreachable')
    provider.isDown = false
    assert.equal(typeof (await signedIn()), 'object')
  })

  test('one that goes down on the way, too', async () => {
    const { query, begun } = await wentThere()
    provider.isDown = true
    assert.equal(await oidc.finish(query, begun), 'unreachable')
  })

  test('so is one that is not there at all, and one that is another than it should be', async () => {
    assert.equal(await known({ issuer: 'http://127.0.0.1:1' }).begin(), 'unreachable')
    assert.equal(await known({ issuer: provider.issuer.replace('127.0.0.1', 'localhost') }).begin(), 'unreachable')
    assert.match(JSON.stringify(said), /issuer/)
  })
})
