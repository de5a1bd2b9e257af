import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordProblem } from '../../src/domain/password.ts'
import { cleanName, foldName, freeName, isPersonName } from '../../src/domain/people.ts'

test('a name has 1 to 64 characters that can be seen', () => {
  for (const name of ['a', 'Ann Müller', '日本', '😀', 'x'.repeat(64), '😀'.repeat(64), `O'Brien <b>`])
    assert.ok(isPersonName(name), name)
  for (const name of ['', ' ', ' ann', 'ann ', 'x'.repeat(65), 'a\nb', 'a\0b', 'a\u202eb', 'a\u200bb', '\ud800', 'a\u2028b'])
    assert.ok(!isPersonName(name), JSON.stringify(name))
})

test('names that read the same are one name', () => {
  assert.equal(foldName('Zoë'), foldName('ZOË'))
  assert.equal(foldName('ann'), foldName('ａｎｎ'))
  assert.notEqual(foldName('ann'), foldName('anna'))
})

test('a name of another system is made one of ours, and a free one', () => {
  assert.equal(cleanName(' a\u202en\0n '), 'ann')
  assert.equal(cleanName('\n'), 'somebody')
  assert.ok(isPersonName(cleanName('😀'.repeat(500))))
  assert.equal(freeName('Ann', new Set()), 'Ann')
  assert.equal(freeName('Ann', new Set(['ann', 'ann 2'])), 'Ann 3')
})

test('a password is long, and not one of those that are tried first', () => {
  for (const good of ['nine lives of a quiet cat', 'zKw8#qP1vv', 'пароль которого нет', '😀🐈🚀🎈😀🐈🚀🎈😀🐈'])
    assert.equal(passwordProblem(good, 'ann'), null, good)
  assert.match(passwordProblem('short', 'ann') ?? '', /at least 10 characters/)
  assert.match(passwordProblem('x1y2'.repeat(51), 'ann') ?? '', /at most 200/)
  for (const bad of [
    'password123',
    'Passwort2024!',
    'qwertyuiop',
    'QWERTYUIOP',
    '1234567890',
    '0987654321',
    'aaaaaaaaaa',
    'abababababab',
    '2024-01-01 12:00',
    'iloveyou!!!',
    '1q2w3e4r5t',
    'P@ssw0rd2026',
  ])
    assert.match(passwordProblem(bad, 'ann') ?? '', /tried first/, bad)
})

test('a password is not the name with a little around it', () => {
  for (const [name, bad] of [
    ['ann-miller', 'Ann-Miller'],
    ['ann-miller', '!ANN-MILLER1'],
    ['annabelle', 'annabelle2026'],
  ] as const)
    assert.match(passwordProblem(bad, name) ?? '', /your name/, bad)
  assert.equal(passwordProblem('banner on the wall', 'ann'), null)
})
