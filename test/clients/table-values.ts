import assert from 'node:assert/strict'
import type { Driver } from './driver.ts'
import type { Expects, Kept } from './ground.ts'

const CONTROLS = Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)).join('')

/** Texts that are no JSON documents: each arrives as the JSON string that says the same. */
const TEXTS: Record<string, string> = {
  'a word': 'good',
  nothing: '',
  'quotes and back slashes': `"a" \\ 'b' \\" \\n $HOME \`id\` %s %d`,
  'many lines': '\n one\r\n\ttwo\n\n',
  'letters of all kinds': 'é 漢字 \u{1f680} e\u0301 \u202e \ufeff \u2028 \u007f \ufffd',
  'control characters': CONTROLS,
  'what looks like an option': '--fail',
  'almost JSON': '{"a": 1,}',
  'a number with a zero before it': '007',
  'two numbers': '1 2',
  'words of other languages': 'NaN',
  'a string that does not end': '"abc',
  'a string with a raw tab': '"a\tb"',
  'a wrong escape': '"\\x"',
}

/** Texts that are JSON documents, as they arrive: on one line, with all digits. */
const DOCUMENTS: Record<string, [given: string, arrives: string]> = {
  'an object': ['{"rows": 812, "ok": true, "why": "say \\"hi\\"", "list": [1, [], {}, null]}', ''],
  'a list': [' [1, 2,\n 3] ', ''],
  'numbers with many digits': [
    '[12345678901234567890, 0.1000000000000000055, -0, 1e400]',
    '[12345678901234567890,0.1000000000000000055,-0,1e400]',
  ],
  'a number': ['-12.50', '-12.5'],
  'a truth': ['true', ''],
  'a quoted string': ['"a \\u00e9 漢 \\n b"', ''],
}

const BINARY = Buffer.from([0, 255, 254, 10, 13, 0, 34, 92, 200, 7])
const NO_UTF8 = Buffer.from([0x61, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0x62])

/** `{cut: true}` and how the bytes began. */
function assertCut(kept: Kept | undefined, given: Buffer, form: 'text' | 'base64'): void {
  assert.ok(kept?.value && Buffer.byteLength(kept.value) <= 65_536, `${kept?.value?.slice(0, 100)}`)
  const { cut, [form]: part, ...rest } = JSON.parse(kept.value)
  assert.deepEqual([cut, rest], [true, {}])
  const began = Buffer.from(part, form === 'text' ? 'utf8' : 'base64')
  assert.ok(began.length > 5_000)
  assert.ok(given.subarray(0, began.length).equals(began))
}

/** Values of every kind arrive as they were given; none is lost or refused. */
export function valuesArrive(expects: Expects, { readsTexts }: Driver): void {
  expects('texts, JSON documents and bytes arrive as they were given', async ({ affirm, stored, waiting }) => {
    const told = [
      ...Object.entries(TEXTS).map(([id, value]) => ({ id, value, arrives: JSON.stringify(value) })),
      ...Object.entries(DOCUMENTS).map(([id, [value, arrives]]) => {
        const read = arrives === '' ? JSON.stringify(JSON.parse(value)) : arrives
        return { id, value, arrives: readsTexts ? read : JSON.stringify(value) }
      }),
      ...Object.entries({ BINARY, NO_UTF8 }).map(([id, bytes]) => {
        const value = { base64: bytes.toString('base64') }
        return { id, value, arrives: JSON.stringify(value) }
      }),
    ]
    const { err } = await affirm(told.map(({ id, value }) => ({ event: 'values_all', id, value })))
    assert.equal(err, '')
    const kept = new Map((await stored('values_all')).map(({ id, value }) => [id, value]))
    for (const { id, arrives } of told) assert.equal(kept.get(id), arrives, id)
    assert.deepEqual(waiting(), [])
  })

  expects('64 KiB as JSON are kept whole, more is cut at the end with a note', async ({ affirm, stored, refused }) => {
    const [whole, large, quoted, wide] = [
      'x'.repeat(65_534),
      'y'.repeat(90_000),
      `a${'\u0001"'.repeat(20_000)}`,
      `a${'漢'.repeat(30_000)}`,
    ]
    const bytes = Buffer.alloc(70_000, BINARY)
    const values = { whole, large, quoted, wide, bytes: { base64: bytes.toString('base64') } }
    await affirm(Object.entries(values).map(([id, value]) => ({ event: 'values_large', id, value })))
    assert.deepEqual(refused(), [])
    const kept = new Map((await stored('values_large')).map((one) => [one.id, one]))
    assert.equal(kept.get('whole')?.value, JSON.stringify(whole))
    assertCut(kept.get('large'), Buffer.from(large), 'text')
    assertCut(kept.get('quoted'), Buffer.from(quoted), 'text')
    assertCut(kept.get('wide'), Buffer.from(wide), 'text')
    assertCut(kept.get('bytes'), bytes, 'base64')
  })
}
