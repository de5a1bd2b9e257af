import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Field } from '../../src/channels/kind.ts'
import { Fault } from '../../src/domain/fault.ts'
import { MASK } from '../../src/domain/secret.ts'
import { aSealing } from '../../src/services/sealing.ts'
import type { SecretSources } from '../../src/services/secret-sources.ts'
import { type KeySource, readKey } from '../../src/services/server-key.ts'

const field = (name: string, type: Field['type'], isSecret = true): Field => {
  return { name, label: name, hint: '', type, isRequired: false, isSecret, longest: 1_000 }
}
const FIELDS = [
  field('token', 'text'),
  field('other', 'text'),
  field('headers', 'pairs'),
  field('codes', 'list'),
  field('room', 'text', false),
]

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealing-'))
})
after(() => rmSync(folder, { recursive: true }))

const NOTHING: SecretSources = { variables: {}, folder: null }
const aKey = (): KeySource => ({ kind: 'given', key: randomBytes(32) })
const sealing = (key = aKey(), sources = NOTHING) => aSealing(key, sources)
let files = 0
const keyFile = (): KeySource & { path: string } => ({ kind: 'file', path: join(folder, `${++files}.db.key`) })

/** The fault's message, which holds none of these words. */
async function faultOf(work: Promise<unknown>, ...secrets: string[]): Promise<string> {
  const error = await work.then(
    () => assert.fail('no fault'),
    (fault: unknown) => fault,
  )
  assert.ok(error instanceof Fault, String(error))
  for (const secret of secrets) assert.ok(!error.message.includes(secret), error.message)
  return error.message
}

describe('a secret', () => {
  test('is stored sealed, and opened to send; what is none stays as it is', async () => {
    const { seal, open } = sealing()
    const settings = {
      token: 'keep-this',
      headers: { authorization: 'Bearer x', 'x-odd': 'ü€😀' },
      codes: ['one', ''],
      room: 'operations',
      to: [1],
    }
    const stored = await seal(settings, FIELDS)
    assert.match(String(stored.token), /^sealed:v1:[\w-]{48,}$/)
    assert.deepEqual([stored.room, stored.to], ['operations', [1]])
    assert.doesNotMatch(JSON.stringify(stored), /keep-this|Bearer|"one"/)
    assert.deepEqual(Object.keys(stored.headers as object), ['authorization', 'x-odd'])
    assert.deepEqual(await open(stored, FIELDS), settings)
  })

  test('is shown as a mask, of pairs the names remain', () => {
    const stored = {
      token: 'sealed:v1:AA',
      headers: { authorization: 'sealed:v1:AA', 'x-b': 'env:AFFIRMATIVE_SECRET_B' },
      codes: ['sealed:v1:AA', 'plain'],
      room: 'r',
    }
    assert.deepEqual(sealing().masked(stored, FIELDS), {
      token: MASK,
      headers: { authorization: MASK, 'x-b': 'env:AFFIRMATIVE_SECRET_B' },
      codes: [MASK, MASK],
      room: 'r',
    })
  })

  test('is shown as a mask however it got there', () => {
    const { masked } = sealing()
    for (const token of ['plain', 7, null, { a: 'plain' }, ['plain'], 'env:HOME', 'file:../x', ''])
      assert.deepEqual(masked({ token }, FIELDS), { token: MASK })
    assert.deepEqual(masked({ headers: 'plain', codes: { a: 'plain' } }, FIELDS), { headers: MASK, codes: MASK })
    assert.deepEqual(masked({ headers: { a: ['plain'] } }, FIELDS), { headers: { a: MASK } })
  })

  test('is sealed differently each time', async () => {
    const { seal } = sealing()
    const [one, other] = [await seal({ token: 'same' }, FIELDS), await seal({ token: 'same' }, FIELDS)]
    assert.notEqual(one.token, other.token)
  })

  test('that looks like a sealed one is sealed like any other', async () => {
    const { seal, open } = sealing()
    const stolen = (await seal({ token: 'of another channel' }, FIELDS)).token
    assert.deepEqual(await open(await seal({ token: stolen }, FIELDS), FIELDS), { token: stolen })
  })

  test('opens in its own field alone', async () => {
    const { seal, open } = sealing()
    const { token } = await seal({ token: 'keep-this' }, FIELDS)
    assert.match(await faultOf(open({ other: token }, FIELDS), 'keep-this'), /stored other cannot be opened/)
    assert.match(await faultOf(open({ headers: { token } }, FIELDS), 'keep-this'), /stored headers\.token cannot be opened/)
  })

  test('does not open by another key, or damaged: the words say so, and nothing of it', async () => {
    const key = aKey()
    const { token } = await sealing(key).seal({ token: 'keep-this' }, FIELDS)
    const text = String(token)
    assert.match(
      await faultOf(sealing().open({ token }, FIELDS), 'keep-this', text),
      /sealed by another key than this server has/,
    )
    const flipped = `${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`
    for (const damaged of [flipped, text.slice(0, -4), `${text}AAAA`, 'sealed:v1:', 'sealed:v1:AA'])
      assert.match(await faultOf(sealing(key).open({ token: damaged }, FIELDS), 'keep-this'), /cannot be opened/, damaged)
  })
})

describe('the mask, sent back', () => {
  test('keeps what is stored, as it is stored', async () => {
    const { seal, masked } = sealing()
    const stored = await seal(
      { token: 'one', headers: { a: 'two', b: 'env:AFFIRMATIVE_SECRET_B' }, codes: ['three', 'four'], room: 'r' },
      FIELDS,
    )
    assert.deepEqual(await seal(masked(stored, FIELDS), FIELDS, stored), stored)
  })

  test('stands beside what is new', async () => {
    const { seal, open } = sealing()
    const stored = await seal({ token: 'one', headers: { a: 'two', b: 'three' } }, FIELDS)
    const changed = await seal({ token: 'new', headers: { b: MASK, c: 'four' } }, FIELDS, stored)
    assert.deepEqual(await open(changed, FIELDS), { token: 'new', headers: { b: 'three', c: 'four' } })
  })

  test('is refused where nothing is stored', async () => {
    const { seal } = sealing()
    const stored = await seal({ headers: { a: 'one' } }, FIELDS)
    const fault = await seal({ token: MASK, headers: { b: MASK } }, FIELDS, stored).catch((error: unknown) => error)
    assert.ok(fault instanceof Fault)
    assert.deepEqual(
      fault.errors.map(({ path }) => path),
      ['settings.token', 'settings.headers.b'],
    )
  })

  test('in a list says which one as long as none comes or goes', async () => {
    const { seal, open } = sealing()
    const stored = await seal({ codes: ['one', 'two'] }, FIELDS)
    assert.deepEqual(await open(await seal({ codes: ['new', MASK] }, FIELDS, stored), FIELDS), { codes: ['new', 'two'] })
    assert.match(await faultOf(seal({ codes: [MASK] }, FIELDS, stored)), /settings\.codes: write all of them/)
    assert.deepEqual(await open(await seal({ codes: ['new'] }, FIELDS, stored), FIELDS), { codes: ['new'] })
  })
})

describe('a reference', () => {
  const sources = (): SecretSources => ({
    variables: {
      AFFIRMATIVE_SECRET_SLACK: 'from-env',
      AFFIRMATIVE_SECRET_EMPTY: '',
      AFFIRMATIVE_SECRET_KEY: 'the-key',
      HOME: '/root',
    },
    folder: join(folder, 'secrets'),
  })
  before(() => {
    const at = join(folder, 'secrets')
    mkdirSync(join(at, '..data'), { recursive: true })
    mkdirSync(join(folder, 'secrets-of-others'))
    writeFileSync(join(at, 'slack'), 'from-file\n')
    writeFileSync(join(at, 'lines'), 'one\ntwo\r\n')
    writeFileSync(join(at, 'large'), 'x'.repeat(64 * 1024))
    writeFileSync(join(at, 'larger'), 'x'.repeat(64 * 1024 + 1))
    writeFileSync(join(at, '..data', 'mounted'), 'as Kubernetes does')
    symlinkSync(join('..data', 'mounted'), join(at, 'mounted'))
    writeFileSync(join(folder, 'secrets-of-others', 'theirs'), 'theirs')
    symlinkSync('/etc/passwd', join(at, 'passwd'))
    symlinkSync('../secrets-of-others/theirs', join(at, 'theirs'))
    execFileSync('mkfifo', [join(at, 'pipe')])
  })
  const read = (token: string) => sealing({ kind: 'none' }, sources()).open({ token }, FIELDS)

  test('is stored and shown as it is: it is no secret, and needs no key', async () => {
    const { seal, masked } = sealing({ kind: 'none' }, sources())
    for (const token of ['env:AFFIRMATIVE_SECRET_SLACK', 'file:slack', 'env:AFFIRMATIVE_SECRET_NOT_YET']) {
      assert.deepEqual(await seal({ token }, FIELDS), { token })
      assert.deepEqual(masked({ token }, FIELDS), { token })
    }
  })

  test('is read when it is needed', async () => {
    assert.deepEqual(await read('env:AFFIRMATIVE_SECRET_SLACK'), { token: 'from-env' })
    assert.deepEqual(await read('file:slack'), { token: 'from-file' })
    assert.deepEqual(await read('file:lines'), { token: 'one\ntwo' })
    assert.deepEqual(await read('file:mounted'), { token: 'as Kubernetes does' })
    assert.deepEqual(await read('file:large'), { token: 'x'.repeat(64 * 1024) })
    writeFileSync(join(folder, 'secrets', 'slack'), 'changed')
    assert.deepEqual(await read('file:slack'), { token: 'changed' })
  })

  test('that leads nowhere is told by its name', async () => {
    assert.match(await faultOf(read('env:AFFIRMATIVE_SECRET_GONE')), /variable AFFIRMATIVE_SECRET_GONE is not set/)
    assert.match(await faultOf(read('env:AFFIRMATIVE_SECRET_EMPTY')), /variable AFFIRMATIVE_SECRET_EMPTY is not set/)
    assert.match(await faultOf(read('file:gone')), /secret file gone is not there/)
    assert.match(await faultOf(read('file:larger')), /secret file larger is larger than 64 KiB/)
  })

  test('leads to nothing but files of the folder', async () => {
    for (const name of ['passwd', 'theirs']) assert.match(await faultOf(read(`file:${name}`), 'root:'), /leads out of the folder/)
    assert.match(await faultOf(read('file:pipe')), /is no file/)
  })

  const WRONG = [
    'env:HOME',
    'env:AFFIRMATIVE_SECRET_KEY',
    'env:AFFIRMATIVE_SECRET_',
    'env:',
    'env:DATABASE_URL',
    'env:AFFIRMATIVE_SECRET_A\n',
    'file:',
    'file:../x',
    'file:/etc/passwd',
    'file:a/b',
    'file:..',
    'file:.',
    'file:..data',
    'file:a\0',
    'file:slack\n',
  ]
  test('to anything else is refused when it is written, and not read when it stands there', async () => {
    for (const token of WRONG) {
      assert.match(await faultOf(sealing(aKey(), sources()).seal({ token }, FIELDS)), /settings\.token: /, token)
      await faultOf(read(token), 'the-key', '/root')
    }
  })

  test('to a file needs a folder', async () => {
    assert.match(await faultOf(sealing().seal({ token: 'file:slack' }, FIELDS)), /AFFIRMATIVE_SECRETS_DIR has to name it/)
    assert.match(await faultOf(sealing().open({ token: 'file:slack' }, FIELDS)), /AFFIRMATIVE_SECRETS_DIR has to name it/)
  })
})

describe('the key of the server', () => {
  test('is 32 bytes, as 64 hexadecimal digits or in base64 of either alphabet', () => {
    const key = Buffer.alloc(32, 0xfb)
    for (const text of [
      key.toString('hex'),
      key.toString('hex').toUpperCase(),
      key.toString('base64'),
      key.toString('base64url'),
    ])
      assert.deepEqual(readKey(text), key, text)
    for (const text of [
      '',
      'secret',
      key.toString('hex').slice(2),
      key.toString('base64').slice(4),
      'ü'.repeat(32),
      `${key.toString('hex')}00`,
    ])
      assert.equal(readKey(text), undefined, text)
  })

  test('is missing: a secret is refused with what to do, where none is stored nothing is wrong', async () => {
    const { seal, open } = sealing({ kind: 'none' })
    assert.match(
      await faultOf(seal({ token: 'keep-this' }, FIELDS), 'keep-this'),
      /Set AFFIRMATIVE_SECRET_KEY to 32 bytes in base64/,
    )
    assert.deepEqual(await seal({ room: 'r' }, FIELDS), { room: 'r' })
    const { token } = await sealing().seal({ token: 'keep-this' }, FIELDS)
    assert.match(await faultOf(open({ token }, FIELDS), 'keep-this'), /Set AFFIRMATIVE_SECRET_KEY/)
  })

  test('in a file is made with the first secret, for its owner alone, and found again', async () => {
    const source = keyFile()
    const { seal, masked } = sealing(source)
    masked(await seal({ room: 'r', token: 'env:AFFIRMATIVE_SECRET_A' }, FIELDS), FIELDS)
    assert.equal(existsSync(source.path), false)
    const stored = await seal({ token: 'keep-this' }, FIELDS)
    assert.equal(statSync(source.path).mode & 0o777, 0o600)
    assert.match(readFileSync(source.path, 'utf8'), /^[\w+/]{43}=\n$/)
    const before = readFileSync(source.path)
    const next = sealing(source)
    assert.deepEqual(await next.open(stored, FIELDS), { token: 'keep-this' })
    await next.seal({ token: 'another' }, FIELDS)
    assert.deepEqual(readFileSync(source.path), before)
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(`${files}.db.key`)),
      [`${files}.db.key`],
    )
  })

  test('in a file is one, whoever makes it first', async () => {
    const source = keyFile()
    const all = await Promise.all(Array.from({ length: 8 }, () => sealing(source).seal({ token: 'keep-this' }, FIELDS)))
    for (const stored of all) assert.deepEqual(await sealing(source).open(stored, FIELDS), { token: 'keep-this' })
  })

  test('in a file that is gone is not made anew to open what another sealed', async () => {
    const source = keyFile()
    const stored = await sealing(source).seal({ token: 'keep-this' }, FIELDS)
    rmSync(source.path)
    const { open } = sealing(source)
    assert.match(await faultOf(open(stored, FIELDS)), /The key that seals secrets is not there: .*Put it back/)
    assert.equal(existsSync(source.path), false)
  })

  test('in a file that holds something else stays as it is', async () => {
    const source = keyFile()
    writeFileSync(source.path, 'nonsense')
    const { seal } = sealing(source)
    assert.match(await faultOf(seal({ token: 'keep-this' }, FIELDS), 'nonsense', 'keep-this'), /holds no key/)
    assert.equal(readFileSync(source.path, 'utf8'), 'nonsense')
  })

  test('cannot be kept where nothing can be written', async () => {
    const source: KeySource = { kind: 'file', path: join(folder, 'nowhere', 'a.key') }
    assert.match(await faultOf(sealing(source).seal({ token: 'keep-this' }, FIELDS)), /cannot be kept: .*ENOENT/)
  })
})
