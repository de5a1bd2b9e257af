import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIn } from '../../src/cli/scan/find.ts'

const found = (text: string) => findIn(text).map(({ kind, text, line, column }) => `${kind} ${text} ${line}:${column}`)
const names = (text: string) => findIn(text).map(({ text }) => text)

test('a key is found in any language, wherever it stands, and nothing that only has one in it', () => {
  assert.deepEqual(found('x\ny = 1 # af_k3Jq8Zw2\n\n--af_AAAAAAA9--'), ['key af_k3Jq8Zw2 2:9', 'key af_AAAAAAA9 4:3'])
  assert.deepEqual(found('leaf_k3Jq8Zw2 xaf_k3Jq8Zw2 af_k3Jq8Zw22 af_k3Jq8Zw2_b af_k3Jq8Zw af-k3Jq8Zw2'), [])
})

const CALLS: Readonly<Record<string, string>> = {
  'await affirm("etl_ran", 3)': 'JavaScript',
  "client.affirm(\n    'etl_ran',": 'Python, over two lines',
  'affirm(`etl_ran`)': 'a template without a part to fill in',
  'c.affirm_one("etl_ran", "good")': 'the original',
  "affirmative.run('etl_ran', () => work())": 'a run',
  'with_affirm(aff, "etl_ran", {': 'R',
  'client.affirm(event="etl_ran")': 'Python, by the name of the argument',
  'with client.run(event = "etl_ran"):': 'Python, a run by the name of the argument',
  'affirm(client, event = "etl_ran")': 'R, by the name of the argument',
  'python3 -m affirmative etl_ran': 'Python from a shell',
  'python3 -m affirmative run --env staging etl_ran -- make': 'Python from a shell, a run',
  'curl -d event_name=etl_ran http://h/affirmative/simplest': 'a form of the original',
  "curl --data 'env=prod&event_name=etl_ran' http://h/affirmative/simplest": 'a form of the original, quoted',
  '<button data-affirm=etl_ran>Done</button>': 'a button without quotes',
  'affirm_fail(my.client, "etl_ran")': 'R, a failure',
  '@client.runs("etl_ran")': 'Python, a decorator',
  'client.start("etl_ran")': 'Python, a start',
  '<button data-affirm="etl_ran">Done</button>': 'a button',
  './affirm.sh etl_ran': 'shell',
  '"$here/affirm.sh" etl_ran "$value"': 'shell, quoted',
  'affirm.sh --env staging --fail etl_ran': 'shell, with options',
  'affirm.sh run --source=etl-2 etl_ran -- make': 'shell, a run',
  'affirmative affirm etl_ran': 'the command line',
  'affirmative run "etl_ran" -- make': 'the command line, a run',
  'shell_client.sh localhost:5123 prod etl_ran': 'the shell of the original',
  'curl -fsS https://affirm.example.org/affirm/etl_ran': 'an address',
  'curl -fsS "$AFFIRMATIVE_URL/affirm/etl_ran/$?"': 'an address with a variable',
  'curl -fsS "$URL"/affirm/etl_ran?env=staging': 'an address with a variable in quotes',
  'See http://127.0.0.1:5123/affirm/etl_ran.': 'a sentence',
}
for (const [text, of] of Object.entries(CALLS))
  test(`a literal name is found: ${of}`, () => {
    assert.deepEqual(names(`// affirmative\n${text}\n`), ['etl_ran'])
  })

/** `$` and a brace, which the linter would take for a slip in a plain text. */
const FILLED = '$' + '{name}'
const NONE: readonly string[] = [
  'affirm(name)',
  `affirm(\`etl_${FILLED}\`)`,
  'affirm("no name at all")',
  'affirm(name, "done")',
  'affirm(event=name)',
  'affirm_one(event_name=name)',
  '<button data-affirm={name}>',
  'affirm.sh "$NAME"',
  `affirm.sh run ${FILLED}_ran -- make`,
  "import { affirm } from '../affirm/affirm.ts'",
  "app.get('/affirm/:event')",
  'reaffirm("etl_ran")',
  `fetch(\`${FILLED}/affirm/${FILLED}\`)`,
]
test('what is filled in while it runs is no literal name, nor is a path of ours', () => {
  for (const text of NONE) assert.deepEqual(names(text), [], text)
})

test('a .run(…) counts only where a client is spoken of: many a thing is run', () => {
  assert.deepEqual(names('db.run("vacuum")'), [])
  assert.deepEqual(names('import { Affirmative } from "affirmative"\nclient.run("etl_ran", work)'), ['etl_ran'])
})

test('a key given to a client is found once, as a key; a name beside it as a name', () => {
  assert.deepEqual(found('affirm("af_k3Jq8Zw2") // etl_ran'), ['key af_k3Jq8Zw2 1:9'])
  assert.deepEqual(found('affirm("etl_ran") // af_k3Jq8Zw2'), ['name etl_ran 1:9', 'key af_k3Jq8Zw2 1:22'])
})

test('a key knows its line and those around, of long ones a part', () => {
  const [hit] = findIn(`above\nbeside af_k3Jq8Zw2\r\nbelow\nfar`)
  assert.deepEqual(hit?.near, { above: 'above', same: 'beside af_k3Jq8Zw2\r', below: 'below' })
  const [deep] = findIn(`${'x'.repeat(5_000)} af_k3Jq8Zw2 ${'y'.repeat(5_000)}`)
  assert.equal(deep?.near?.same.length, 800)
})

test('hostile texts take no longer than their length', () => {
  for (const text of ['--env ', 'affirm.sh --env ', 'affirm(\n', 'http://a/', '$x', 'af_', 'with_affirm(a,'])
    findIn(`affirm.sh ${text.repeat(200_000)}`)
})
