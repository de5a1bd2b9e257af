import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fresh } from './fresh.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

describe('a text is kept byte for byte', () => {
  const here = fresh()

  for (const [name, text] of [
    ['emoji, right-to-left marks and combining letters', '\u{1f680}\u{1f468}\u200d\u{1f469} \u202e e\u0301 \ufeff'],
    ['CRLF, tabs and spaces at both ends', ' \t a\r\nb\r\n  '],
    ['quotes, back slashes and markup', '"a" \\ \'b\' <script>&amp; \\u0000 \\n'],
    ['what looks like JSON', '{"status" : "ok", "n": 1.0}'],
    ['a form, as curl -d sends it', 'a=1&b=%20+2'],
    ['control characters but NUL', '\u0001\u001b[31m\u007f'],
    ['64 KiB of quotes', '"'.repeat(64 * 1024)],
    ['64 KiB of letters of two bytes', 'é'.repeat(32 * 1024)],
  ] as const)
    for (const type of [undefined, 'text/plain; charset=utf-8', 'application/x-www-form-urlencoded'])
      test(`${name}, sent as ${type ?? 'nothing'}`, async () => {
        const headers = type === undefined ? {} : { headers: { 'content-type': type } }
        const body = Buffer.from(text)
        assert.equal((await here.api.raw('/affirm/backup', { method: 'POST', body, ...headers })).status, 200)
        assert.equal((await here.affirmations('backup'))[0]?.value, text)
      })

  test('an empty body is no value', async () => {
    for (const method of ['POST', 'PUT']) await here.api.raw('/affirm/backup', { method, body: '' })
    assert.deepEqual(
      (await here.affirmations('backup')).map(({ value }) => value),
      [null, null],
    )
  })
})

describe('JSON is kept value for value, with all digits', () => {
  const here = fresh()

  const kept = async (listed: string) => {
    const list = await (await here.world.app.request('/api/v1/events/backup/affirmations')).text()
    return list.split(`"value":${listed}}`).length - 1
  }

  for (const [json, listed = json] of [
    ['{"a":{"b":[1,null,true,"",{}]},"":0}'],
    ['null'],
    ['0'],
    ['false'],
    ['""'],
    ['[]'],
    ['1e400'],
    ['-1E-400'],
    ['-0'],
    ['12345678901234567890'],
    ['1764000000000000000'],
    ['9007199254740993'],
    ['12345678901.1234567'],
    ['0.1000000000000000055'],
    ['{"ns":1764000000000000000,"big":[1e400],"a b":"1e5  x"}'],
    [' {\r\n\t"ns" : 1764000000000000000 , "text" : " a  b " }\n', '{"ns":1764000000000000000,"text":" a  b "}'],
    [' [ 1 , "a  b" ] ', '[1,"a  b"]'],
    ['"\\u0000 \\ud83d\\ude00 \\" \\\\"', '"\\u0000 😀 \\" \\\\"'],
    ['{"x":1,"x":2}', '{"x":2}'],
  ] as [string, string?][])
    test(json.trim(), async () => {
      const send = (path: string, body: string, type: string) =>
        here.api.raw(path, { method: 'POST', body, headers: { 'content-type': type } })
      await send('/affirm/backup', json, 'application/json')
      await send('/affirm/backup', json, 'application/problem+json; charset="UTF-8"')
      await send('/api/v1/affirmations', `{"event":"backup","value":${json}}`, 'application/json')
      await send('/api/v1/affirmations', `[{"event":"backup"},{"value": ${json} ,"event":"backup"},7]`, 'application/json')
      await send('/api/v1/affirmations', `{"event":"backup","value":${json.replace(/[\r\n]/g, ' ')}}\n`, 'application/x-ndjson')
      // What has no value is listed with null.
      assert.equal(await kept(listed), listed === 'null' ? 6 : 5)
    })

  test('a list with one long number keeps the values of the others, too', async () => {
    const list = '[{"event":"backup","value":{"value":"}]\\""}},{"event":"backup","value":1764000000000000000}]'
    await here.api.raw('/api/v1/affirmations', { method: 'POST', body: list, headers: JSON_TYPE })
    assert.deepEqual([await kept('{"value":"}]\\""}'), await kept('1764000000000000000')], [1, 1])
  })

  test('64 KiB and 200 levels are kept, one more is not', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    for (const [json, status] of [
      [`"${'x'.repeat(64 * 1024 - 2)}"`, 200],
      [`"${'x'.repeat(64 * 1024 - 1)}"`, 400],
      [nested(200), 200],
      [nested(201), 400],
    ] as const) {
      const body = `{"event":"backup","value":${json}}`
      assert.equal((await here.api.raw('/api/v1/affirmations', { method: 'POST', body, headers: JSON_TYPE })).status, status)
    }
    assert.equal((await here.affirmations('backup')).length, 2)
  })
})
