import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { aDocumentCutter, aLineCutter, type Cutter } from '../../src/domain/cutter.ts'
import { Fault } from '../../src/domain/fault.ts'

/** What comes of the text when it is handed over in pieces that end at these places. */
function cut(cutter: Cutter, text: string, ends: readonly number[]): string[] {
  const places = [0, ...ends.map((end) => end % (text.length + 1)).sort((a, b) => a - b), text.length]
  const parts = places.slice(1).flatMap((end, i) => cutter.push(text.slice(places[i], end)))
  return [...parts, ...cutter.end()]
}

const ends = fc.array(fc.nat(), { maxLength: 6 })
const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/)

describe('a document that comes in pieces is cut as if it came at once', () => {
  test('a list gives its elements, wherever the pieces end', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), blank, ends, (list, space, ends) => {
        const text = `${space}[${list.map((one) => space + JSON.stringify(one) + space).join(',')}${space}]${space}`
        const cutter = aDocumentCutter()
        assert.deepEqual(
          cut(cutter, text, ends).map((part) => JSON.parse(part)),
          JSON.parse(text),
        )
        assert.equal(cutter.isList(), true)
      }),
    )
  })

  test('a list in odd writing, too', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), ends, (list, ends) => {
        const text = JSON.stringify(list, null, 2)
        assert.deepEqual(
          cut(aDocumentCutter(), text, ends).map((part) => JSON.parse(part)),
          // Written, -0 is 0.
          JSON.parse(text),
        )
      }),
    )
  })

  test('anything else is given whole', () => {
    fc.assert(
      fc.property(fc.jsonValue(), blank, ends, (value, space, ends) => {
        fc.pre(!Array.isArray(value))
        const text = space + JSON.stringify(value)
        const cutter = aDocumentCutter()
        assert.deepEqual(cut(cutter, text, ends), [text])
        assert.equal(cutter.isList(), false)
      }),
    )
  })

  test('lines are given one by one, blank ones left out, the last one with or without its end', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), blank), { maxLength: 8 }), fc.boolean(), ends, (lines, isEnded, ends) => {
        const kept = lines.flatMap((line) => line.split('\n'))
        const text = kept.join('\n') + (isEnded ? '\n' : '')
        assert.deepEqual(
          cut(aLineCutter(), text, ends),
          kept.filter((line) => line.trim() !== ''),
        )
      }),
    )
  })

  for (const text of ['[1,]', '[,1]', '[,]', '[1,,2]', '[1', '[', '["a]', '[1]]', '[1] x', '[1],[2]', '[{"a":[1]}', '[1]\n[2]'])
    test(`${text.replace('\n', '\\n')} is no list`, () => {
      fc.assert(
        fc.property(ends, (ends) =>
          assert.throws(
            () => cut(aDocumentCutter(), text, ends),
            (error) => error instanceof Fault && error.code === 'invalid',
          ),
        ),
      )
    })
})
