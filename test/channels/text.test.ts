import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytes, cut, linesIn, oneLine, plain, titleOf } from '../../src/channels/text.ts'
import { anyMessage, MESSAGES } from './messages.ts'

test('what is not to be seen goes; lines end in a line feed', () => {
  assert.equal(plain('a\u0000b\u001b[31m\u202ec\u2066\ufeffd\r\ne\rf\u2028g\th'), 'ab[31mcd\ne\nf\ng\th')
  assert.equal(plain('half \ud83d, whole 😀'), 'half \ufffd, whole 😀')
  assert.equal(oneLine('  a\n\n b\t c '), 'a b c')
})

test('a text that fits stays; another is cut before a whole letter, and says so', () => {
  assert.equal(cut('abc', 3), 'abc')
  assert.equal(cut('abcd', 3), 'ab…')
  assert.equal(cut('😀😀', 3), '😀…')
  assert.equal(cut('😀😀', 2), '')
  assert.equal(cut('abc', 0), '')
  assert.equal(cut('ééé', 5, bytes), 'é…')
})

test('what is cut never costs more than there is room, and holds no half letter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat({ max: 300 }), (text, most) => {
      for (const cost of [bytes, (letters: string) => letters.length * 2]) {
        const short = cut(text, most, cost)
        assert.ok(cost(short) <= most)
        assert.doesNotMatch(short, /\p{Surrogate}/u)
      }
    }),
  )
})

test('a title is never empty', () => {
  assert.equal(titleOf({ ...MESSAGES.missed, title: '\u0000\n' }, 100), 'missed')
})

test('a message that stands for many lists what fits, and counts the rest', () => {
  const lines = linesIn(MESSAGES.flood, 200)
  assert.deepEqual(lines, [
    '5000 expectations were missed within two minutes.',
    '• job_0 (prod): only 0 of 1 since 03:00',
    '• job_1 (prod): only 0 of 1 since 03:00',
    '• job_2 (prod): only 0 of 1 since 03:00',
    '… and 4997 more',
  ])
  assert.equal(linesIn({ ...MESSAGES.flood, more: 0 }, 100_000).length, 101)
})

test('however little room there is, it suffices, and none of the many is forgotten', () => {
  fc.assert(
    fc.property(anyMessage, fc.integer({ min: 30, max: 3_000 }), (message, most) => {
      const lines = linesIn(message, most)
      assert.ok(lines.join('\n').length <= most)
      const many = message.items.length + message.more
      if (many > 0 && lines.length < many) assert.match(lines.at(-1) ?? '', /^… and \d+ more$/)
    }),
  )
})
