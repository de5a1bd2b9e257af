import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../src/domain/fault.ts'
import { aPasswords, type Derive } from '../../src/services/passwords.ts'

const QUICK = { log2N: 4, r: 1, p: 1 }

/** Hashes that take as long as the test says. */
function held() {
  const open: (() => void)[] = []
  const asked: number[] = []
  const derive: Derive = (_password, _salt, length, { N = 0 }) => {
    asked.push(N)
    return new Promise((resolve) => open.push(() => resolve(Buffer.alloc(length))))
  }
  const next = async () => {
    open.shift()?.()
    await new Promise(setImmediate)
  }
  return { derive, asked, next }
}

test('a hash says how it was made, is salted, and matches its password alone', async () => {
  const passwords = aPasswords()
  const [one, two] = await Promise.all([passwords.hash('nine lives'), passwords.hash('nine lives')])
  assert.match(one, /^scrypt\$ln=16,r=8,p=1\$/)
  assert.notEqual(one, two)
  assert.equal(await passwords.matches('nine lives', one), true)
  assert.equal(await passwords.matches('nine lives ', one), false)
})

test('a hash of an older, cheaper form goes on to match', async () => {
  const old = await aPasswords(QUICK).hash('nine lives')
  assert.match(old, /^scrypt\$ln=4,r=1,p=1\$/)
  assert.equal(await aPasswords({ log2N: 5, r: 2, p: 1 }).matches('nine lives', old), true)
})

test('one password is the same however a keyboard composes it', async () => {
  const passwords = aPasswords(QUICK)
  assert.equal(await passwords.matches('cafe\u0301 au lait', await passwords.hash('caf\u00e9 au lait')), true)
})

test('nobody’s password costs as much as somebody’s, and matches nothing', async () => {
  const { derive, asked, next } = held()
  const passwords = aPasswords(QUICK, derive)
  const answer = passwords.matches('anything at all', null)
  await next()
  assert.equal(await answer, false)
  assert.deepEqual(asked, [16])
})

test('two are made at a time, a few wait in turn, and a flood is told to come back', async () => {
  const { derive, asked, next } = held()
  const passwords = aPasswords(QUICK, derive)
  const answers = Array.from({ length: 30 }, () =>
    passwords.hash('x').then(
      () => 'made',
      (error: unknown) => error,
    ),
  )
  await new Promise(setImmediate)
  assert.equal(asked.length, 2)
  for (let i = 0; i < 22; i += 1) {
    assert.ok(asked.length <= 2 + i)
    await next()
  }
  const said = await Promise.all(answers)
  assert.equal(said.filter((one) => one === 'made').length, 22)
  const refused = said.filter((one) => one instanceof Fault)
  assert.equal(refused.length, 8)
  assert.ok(refused.every((one) => one instanceof Fault && one.code === 'over-capacity'))
  const after = passwords.hash('x')
  await next()
  assert.match(await after, /^scrypt/, 'afterwards there is room again')
})

test('a hash that fails gives its place back', async () => {
  const passwords = aPasswords(QUICK, () => Promise.reject(new Error('no memory')))
  for (let i = 0; i < 5; i += 1) await assert.rejects(passwords.hash('x'), /no memory/)
})
