import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigError, type Env, readConfig, unknownSettings, warningsOf } from '../src/config.ts'
import { DAMPER_LIMITS } from '../src/domain/damper.ts'

/** What is wrong with these settings; nothing: an empty list. */
function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
}

const OIDC = {
  AFFIRMATIVE_AUTH: 'accounts',
  AFFIRMATIVE_URL: 'https://affirm.example.org',
  AFFIRMATIVE_OIDC_ISSUER: 'https://id.example.org/realm',
  AFFIRMATIVE_OIDC_CLIENT_ID: 'affirmative',
  AFFIRMATIVE_OIDC_CLIENT_SECRET: 'keep-this-to-yourself',
}
const PROXY = { AFFIRMATIVE_AUTH: 'proxy', AFFIRMATIVE_TRUSTED_PROXIES: '10.0.0.0/8, ::1' }
const without = (env: Record<string, string>, name: string): Env => ({ ...env, [name]: undefined })

test('nothing has to be said', () => {
  const config = readConfig({})
  assert.deepEqual(
    [config.auth, config.oidc, config.proxy, config.hasPasswords, config.affirmLimit],
    ['open', null, null, true, 1_000],
  )
})

test('every mistake is told at once', () =>
  assert.equal(
    problemsOf({ PORT: 'x', AFFIRMATIVE_AUTH: 'no', AFFIRMATIVE_AFFIRM_LIMIT: '-1', AFFIRMATIVE_STRICT: 'perhaps' }).length,
    4,
  ))

describe('AFFIRMATIVE_AUTH', () => {
  test('is open where only this machine reaches it, else accounts', () => {
    assert.equal(readConfig({}).auth, 'open')
    assert.equal(readConfig({ HOST: '::1' }).auth, 'open')
    assert.equal(readConfig({ HOST: '0.0.0.0' }).auth, 'accounts')
    assert.equal(readConfig({ HOST: '0.0.0.0', AFFIRMATIVE_AUTH: 'open' }).auth, 'open')
  })
})

describe('names and limits', () => {
  test('a host is a name without scheme and port', () => {
    for (const hosts of ['https://a.example', 'a.example:80', 'a.example, ', '*', 'a b'])
      assert.match(problemsOf({ AFFIRMATIVE_HOSTS: hosts })[0] ?? '', /AFFIRMATIVE_HOSTS=.* names without scheme/, hosts)
    assert.deepEqual([...(readConfig({ AFFIRMATIVE_HOSTS: 'A.example, b' }).hostNames ?? [])], ['a.example', 'b'])
  })

  test('an origin is a scheme, a name and perhaps a port, as browsers say it; * is all of them', () => {
    for (const origins of [
      'shop.example',
      'https://a.example/',
      'https://a.example/path',
      'ftp://a.example',
      'https://*.example',
      'null',
    ])
      assert.match(
        problemsOf({ AFFIRMATIVE_ALLOWED_ORIGINS: origins })[0] ?? '',
        /AFFIRMATIVE_ALLOWED_ORIGINS=.* origins like/,
        origins,
      )
    const said = readConfig({ AFFIRMATIVE_ALLOWED_ORIGINS: 'https://A.example, http://localhost:8080' })
    assert.deepEqual([...said.allowedOrigins], ['https://a.example', 'http://localhost:8080'])
    assert.deepEqual([...readConfig({ AFFIRMATIVE_ALLOWED_ORIGINS: '*' }).allowedOrigins], ['*'])
    assert.equal(readConfig({}).allowedOrigins.size, 0)
  })

  test('a limit is a whole number; 0 is none', () => {
    assert.equal(readConfig({ AFFIRMATIVE_AFFIRM_LIMIT: '0' }).affirmLimit, 0)
    for (const limit of ['1.5', 'many', '-1', '1e9'])
      assert.equal(problemsOf({ AFFIRMATIVE_AFFIRM_LIMIT: limit }).length, 1, limit)
  })
})

describe('signing in by an identity provider', () => {
  test('is configured by issuer, client id and secret', () =>
    assert.deepEqual(readConfig(OIDC).oidc, {
      issuer: 'https://id.example.org/realm',
      clientId: 'affirmative',
      clientSecret: 'keep-this-to-yourself',
      role: 'viewer',
      name: 'id.example.org',
      redirectTo: 'https://affirm.example.org/sign-in/oidc/callback',
    }))

  test('says who comes as what, and what the button says', () => {
    const { oidc } = readConfig({ ...OIDC, AFFIRMATIVE_OIDC_ROLE: 'signer', AFFIRMATIVE_OIDC_NAME: 'Example Inc.' })
    assert.deepEqual([oidc?.role, oidc?.name], ['signer', 'Example Inc.'])
    assert.match(problemsOf({ ...OIDC, AFFIRMATIVE_OIDC_ROLE: 'king' })[0] ?? '', /viewer, signer, editor, admin/)
  })

  test('needs all that belongs to it, and says what is missing without the secret', () => {
    for (const name of ['AFFIRMATIVE_URL', 'AFFIRMATIVE_OIDC_ISSUER', 'AFFIRMATIVE_OIDC_CLIENT_ID']) {
      const problems = problemsOf(without(OIDC, name))
      assert.equal(problems.length, 1, name)
      assert.match(problems[0] ?? '', new RegExp(`^${name} – `))
      assert.doesNotMatch(problems.join(), /keep-this/)
    }
    assert.match(problemsOf({ ...OIDC, AFFIRMATIVE_AUTH: 'open' })[0] ?? '', /AFFIRMATIVE_AUTH=open – nobody signs in/)
  })

  test('is kept from who listens on the way: http is for this machine alone', () => {
    for (const issuer of ['http://127.0.0.1:8080', 'http://localhost/realm', 'http://[::1]:1'])
      assert.deepEqual(problemsOf({ ...OIDC, AFFIRMATIVE_OIDC_ISSUER: issuer }), [], issuer)
    for (const issuer of [
      'http://id.example.org',
      'id.example.org',
      'ftp://id.example.org',
      'https://id.example.org?x=1',
      'javascript:1',
    ])
      assert.match(problemsOf({ ...OIDC, AFFIRMATIVE_OIDC_ISSUER: issuer })[0] ?? '', /^AFFIRMATIVE_OIDC_ISSUER=/, issuer)
  })

  test('may be the only way', () => {
    assert.equal(readConfig({ ...OIDC, AFFIRMATIVE_PASSWORDS: 'off' }).hasPasswords, false)
    assert.match(problemsOf({ AFFIRMATIVE_PASSWORDS: 'off' })[0] ?? '', /nobody could sign in/)
  })
})

describe('a proxy that says who it is', () => {
  test('is believed by address, which has to be said', () => {
    assert.match(problemsOf(without(PROXY, 'AFFIRMATIVE_TRUSTED_PROXIES'))[0] ?? '', /set AFFIRMATIVE_TRUSTED_PROXIES/)
    assert.deepEqual(readConfig(PROXY).proxy, { header: 'X-Forwarded-User', role: 'viewer', admins: new Set() })
  })

  test('its header, the role of who comes first, and who is admin', () => {
    const said = {
      AFFIRMATIVE_PROXY_HEADER: 'Remote-User',
      AFFIRMATIVE_PROXY_ROLE: 'editor',
      AFFIRMATIVE_PROXY_ADMINS: 'ann, bob@example.org,',
    }
    const { proxy } = readConfig({ ...PROXY, ...said })
    assert.deepEqual(proxy, { header: 'Remote-User', role: 'editor', admins: new Set(['ann', 'bob@example.org']) })
    assert.match(problemsOf({ ...PROXY, AFFIRMATIVE_PROXY_HEADER: 'a b' })[0] ?? '', /name of a header/)
  })

  test('means nothing elsewhere', () => assert.equal(readConfig({ AFFIRMATIVE_PROXY_ADMINS: 'ann' }).proxy, null))
})

describe('telling people', () => {
  const channels = (env: Env) => readConfig(env).channels
  const KEY = Buffer.alloc(32, 7)

  test('needs no setting', () => {
    const { allowedAddresses, commands, key, secrets, dampers: _, ...others } = channels({ DATABASE_URL: 'file:/data/a.db' })
    assert.deepEqual([allowedAddresses.rules, [...commands], secrets], [[], [], { variables: {}, folder: null }])
    assert.deepEqual(key, { kind: 'file', path: '/data/a.db.key' })
    assert.deepEqual(others, { smtp: null, mailFrom: null, aws: null, pingUrl: null, pingKey: null })
  })

  test('has its key beside the file, or given; on PostgreSQL it has to be', () => {
    assert.deepEqual(channels({ DATABASE_URL: 'postgres://ann@db/a' }).key, { kind: 'none' })
    for (const text of [KEY.toString('base64'), KEY.toString('hex')])
      assert.deepEqual(channels({ AFFIRMATIVE_SECRET_KEY: text }).key, { kind: 'given', key: KEY })
  })

  test('takes what the operator says', () => {
    const { allowedAddresses, commands, secrets, ...others } = channels({
      AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES: '10.0.0.0/8, fd00::/8',
      AFFIRMATIVE_COMMANDS: '/usr/local/bin/tell, /opt/x/../page',
      AFFIRMATIVE_SECRETS_DIR: '/run/secrets/',
      AFFIRMATIVE_SECRET_SLACK: 'https://hooks.example/x',
      AFFIRMATIVE_SECRET_KEY: KEY.toString('hex'),
      AFFIRMATIVE_SMTP_URL: 'smtps://ann:keep-this@mail.example.org:465',
      AFFIRMATIVE_MAIL_FROM: 'Affirmative <affirmative@example.org>',
      AFFIRMATIVE_PING_URL: 'https://watch.example.org/ping/abc/',
      AFFIRMATIVE_PING_KEY: 'ak_k3Jq',
    })
    assert.ok(allowedAddresses.check('10.1.2.3'))
    assert.deepEqual([...commands], ['/usr/local/bin/tell', '/opt/page'])
    assert.deepEqual(secrets, { variables: { AFFIRMATIVE_SECRET_SLACK: 'https://hooks.example/x' }, folder: '/run/secrets' })
    assert.deepEqual(
      [others.smtp?.host, others.smtp?.login?.password, others.mailFrom, others.pingUrl, others.pingKey],
      [
        'mail.example.org',
        'keep-this',
        'Affirmative <affirmative@example.org>',
        'https://watch.example.org/ping/abc/',
        'ak_k3Jq',
      ],
    )
  })

  test('refuses what it cannot use', () => {
    for (const [name, ...texts] of [
      ['AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES', 'all', '10.0.0.0/33', 'internal.example', '10.0.0.1,'],
      ['AFFIRMATIVE_COMMANDS', 'tell', './tell', '/bin/a,b', '/bin/a,'],
      ['AFFIRMATIVE_SECRETS_DIR', 'secrets', './secrets'],
      ['AFFIRMATIVE_MAIL_FROM', 'nobody', 'a@b c@d', 'x <a@b', 'a@b@c'],
    ] as const)
      for (const text of texts) assert.equal(problemsOf({ [name]: text })[0]?.startsWith(`${name}=${text} – write`), true, text)
  })

  test('never repeats what may hold a secret', () => {
    for (const [name, ...texts] of [
      ['AFFIRMATIVE_SECRET_KEY', 'keep-this', 'keepthis'.repeat(8)],
      [
        'AFFIRMATIVE_SMTP_URL',
        'keep-this',
        'https://ann:keepthis@mail',
        'smtp://',
        'smtp://keep-this@mail/path',
        'mailto:keep-this@x',
      ],
      ['AFFIRMATIVE_PING_KEY', 'Bearer keep-this', 'keep-this\u00e4', 'keep-this'.repeat(60)],
      ['AFFIRMATIVE_PING_URL', 'keep-this', 'ftp://keep-this', 'file:///keepthis', 'https://'],
    ] as const)
      for (const text of texts) {
        const [problem = '', ...more] = problemsOf({ [name]: text })
        assert.match(problem, new RegExp(`^${name} – write`), text)
        assert.doesNotMatch(problem, /keep-?this/)
        assert.deepEqual(more, [])
      }
  })

  test('knows the secrets of channels for settings', () =>
    assert.deepEqual(unknownSettings({ AFFIRMATIVE_SECRET_SLACK: 'x', AFFIRMATIVE_SECRETS_FOLDER: 'y' }), [
      'AFFIRMATIVE_SECRETS_FOLDER',
    ]))
})

describe('when one message stands for many', () => {
  const NUMBERS = ['FLAPPING_CHANGES', 'FLOOD_OF_SOURCE', 'FLOOD_OF_ALL']
  const DURATIONS = ['FLAPPING_WITHIN', 'FLAPPING_STEADY', 'FLOOD_SOURCE_WITHIN', 'FLOOD_ALL_WITHIN', 'FLOOD_QUIET']
  const said = (names: readonly string[], text: (i: number) => string): Env =>
    Object.fromEntries(names.map((name, i) => [`AFFIRMATIVE_${name}`, text(i)]))

  test('is as usual where nothing is said', () => assert.deepEqual(readConfig({}).channels.dampers, DAMPER_LIMITS))

  test('can be said, each number for itself', () => {
    const env = { ...said(NUMBERS, (i) => `${i + 1}`), ...said(DURATIONS, (i) => `${i + 1}s`) }
    assert.deepEqual(readConfig(env).channels.dampers, {
      flapping: { changes: 1, within: 1_000, steady: 2_000 },
      flood: { ofSource: 2, sourceWithin: 3_000, ofAll: 3, allWithin: 4_000, quiet: 5_000 },
    })
    assert.deepEqual(unknownSettings(env), [])
    assert.deepEqual(problemsOf({ ...said(NUMBERS, () => '10000'), ...said(DURATIONS, () => '1d') }), [])
  })

  test('has bounds: 1 to 10,000, and a second to a day', () => {
    for (const name of NUMBERS)
      for (const text of ['0', '-1', '1.5', '10001', '1e3', 'many', '05'])
        assert.equal(
          problemsOf({ [`AFFIRMATIVE_${name}`]: text }).join(),
          `AFFIRMATIVE_${name}=${text} – write a whole number from 1 to 10,000`,
        )
    for (const name of DURATIONS)
      for (const text of ['0s', '20', '25h', '1d1s', 'soon'])
        assert.equal(
          problemsOf({ [`AFFIRMATIVE_${name}`]: text }).join(),
          `AFFIRMATIVE_${name}=${text} – write a duration from 1s to 1d, like 90s or 20m`,
        )
  })
})

test('an open server that answers under any name is told of', () => {
  const warnings = (env: Env) => warningsOf(readConfig(env)).length
  const open = { HOST: '0.0.0.0', AFFIRMATIVE_AUTH: 'open' }
  assert.equal(warnings(open), 1)
  assert.equal(warnings({ ...open, AFFIRMATIVE_HOSTS: 'a.example' }), 0)
  assert.equal(warnings({ ...open, AFFIRMATIVE_URL: 'https://a.example' }), 0)
  assert.equal(warnings({ HOST: '0.0.0.0' }), 0)
  assert.equal(warnings({}), 0)
})

test('so is an open one behind a proxy: bound to this machine, it is reached from elsewhere', () => {
  const warnings = (auth: string) => warningsOf(readConfig({ AFFIRMATIVE_TRUSTED_PROXIES: '127.0.0.1', AFFIRMATIVE_AUTH: auth }))
  assert.match(warnings('open').join(), /AFFIRMATIVE_AUTH=accounts/)
  assert.deepEqual([...warnings('accounts'), ...warnings('proxy')], [])
})

test('what looks like a setting and is none is told', () =>
  assert.deepEqual(
    unknownSettings({ ...OIDC, AFFIRMATIVE_PASSWORD: 'x', AFFIRMATIVE_PROXY_ADMIN: 'y', AFFIRMATIVE_API_KEY: 'z' }),
    ['AFFIRMATIVE_PASSWORD', 'AFFIRMATIVE_PROXY_ADMIN'],
  ))
