import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR, type Millis } from '../../src/domain/time.ts'
import { type Attempt, anAttempts } from '../../src/services/attempts.ts'

const attempt = (some: Partial<Attempt> = {}): Attempt => ({ name: 'ann', address: '192.0.2.1', device: null, ...some })

/** How many of these are let through at one instant. */
function letThrough(
  attempts: ReturnType<typeof anAttempts>,
  count: number,
  make: (i: number) => Attempt,
  at: Millis = 0,
): number {
  return Array.from({ length: count }, (_, i) => attempts.begin(make(i), at)).filter((wait) => wait === 0).length
}

describe('how often a stranger may try', () => {
  test('one name from one address: five times, then once a minute', () => {
    const attempts = anAttempts()
    assert.equal(
      letThrough(attempts, 100, () => attempt()),
      5,
    )
    assert.equal(attempts.begin(attempt(), 0), 60_000)
    assert.equal(
      letThrough(attempts, 3_600, () => attempt({ name: 'ANN' }), HOUR),
      5,
      'an hour of waiting saves up no more than that',
    )
  })

  test('many names from one address', () => {
    assert.equal(
      letThrough(anAttempts(), 1_000, (i) => attempt({ name: `name ${i}` })),
      30,
    )
  })

  test('what can be nobody’s name is one name, however long it is', () => {
    assert.equal(
      letThrough(anAttempts(), 100, (i) => attempt({ name: `${i}${'x'.repeat(1_000)}` })),
      5,
    )
  })

  test('one name from many addresses', () => {
    assert.equal(
      letThrough(anAttempts(), 1_000, (i) => attempt({ address: `10.0.${i >> 8}.${i & 255}` })),
      15,
    )
  })

  test('the addresses of one network of version 6 are one', () => {
    assert.equal(
      letThrough(anAttempts(), 100, (i) => attempt({ address: `2001:db8::${i.toString(16)}` })),
      5,
    )
  })
})

test('a browser that the person has used is held by nobody else’s tries, and by its own', () => {
  const attempts = anAttempts()
  for (let i = 0; i < 1_000; i += 1) attempts.begin(attempt({ address: `10.0.${i >> 8}.${i & 255}` }), 0)
  for (let i = 0; i < 1_000; i += 1) attempts.begin(attempt({ name: `n${i}` }), 0)
  assert.notEqual(attempts.begin(attempt(), 0), 0)
  assert.equal(
    letThrough(attempts, 100, () => attempt({ device: 'known' })),
    10,
  )
})

test('who knows the password may sign in as often as they like', () => {
  const attempts = anAttempts()
  for (let i = 0; i < 100; i += 1) {
    assert.equal(attempts.begin(attempt(), 0), 0)
    attempts.succeeded(attempt(), 0)
  }
})

test('one address has four under way at most, whatever others do', async () => {
  const attempts = anAttempts()
  let end = () => {}
  const held = new Promise<void>((resolve) => {
    end = resolve
  })
  const four = Array.from({ length: 4 }, () => attempts.alongFew('192.0.2.1', () => held.then(() => true)))
  assert.equal(await attempts.alongFew('192.0.2.1', async () => true), null)
  assert.equal(await attempts.alongFew('192.0.2.2', async () => true), true)
  end()
  assert.deepEqual(await Promise.all(four), [true, true, true, true])
  assert.equal(await attempts.alongFew('192.0.2.1', async () => true), true)
})
