import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Site } from '../support/site.ts'
import { start } from './driver.ts'
import { aGround, type Ground, startClientSite } from './ground.ts'
import { inR, r, startR } from './r-driver.ts'
import { passesTheTable } from './table.ts'
import { aScript, assertUnseen } from './unseen.ts'

const PATIENT = { AFFIRMATIVE_TIMEOUT: '30' }
const NOWHERE = { AFFIRMATIVE_URL: 'http://127.0.0.1:1', AFFIRMATIVE_TIMEOUT: '0.1', AFFIRMATIVE_SPOOL: 'off' }

passesTheTable(r)

describe('what is the R client’s own', { skip: r.skip, concurrency: 2 }, () => {
  let site: Site
  before(async () => {
    site = await startClientSite()
  })
  after(() => site.close())
  const expects = (title: string, hold: (ground: Ground) => Promise<void>) =>
    test(title, async () => {
      const ground = await aGround(site, r)
      await hold(ground).finally(() => ground.close())
    })
  const says = async ({ settings }: Ground, script: string) => {
    const { status, out, err } = await startR(script, { ...settings, ...PATIENT }).ended
    assert.equal(status, 0, err)
    return { out: out.toString(), err }
  }
  /** Status and value of all that is stored of an event, starts first. */
  const told = async (ground: Ground, event: string) =>
    (await ground.stored(event))
      .map(({ status, value }) => [status, JSON.parse(value ?? 'null')])
      .sort(([one], [other]) => Number(other === 'start') - Number(one === 'start'))

  expects('an expression tells its start and its end; its value, its visibility and its errors pass', async (ground) => {
    const { out } = await says(
      ground,
      `
client <- affirmative()
with_affirm(client, "r_block", { 1 + 1 })
with_affirm(client, "r_block_quiet", invisible(3))
cat(tryCatch(with_affirm(client, "r_raises", stop("row 7")), error = conditionMessage), "\\n")
leaves <- function() { with_affirm(client, "r_leaves", return("early")); "late" }
leaves()`,
    )
    assert.equal(out, '[1] 2\nrow 7 \n[1] "early"\n')
    const [begun, end] = await told(ground, 'r_block')
    assert.deepEqual([begun, end?.[0], Object.keys(end?.[1])], [['start', null], 'ok', ['seconds']])
    assert.deepEqual((await told(ground, 'r_raises')).map(([status, value]) => [status, value?.error]).at(1), ['fail', 'row 7'])
    assert.equal((await told(ground, 'r_leaves')).at(1)?.[0], 'fail')
  })

  expects('values of R become JSON; random numbers come as without us', async (ground) => {
    await says(
      ground,
      `
client <- affirmative()
set.seed(1); before <- runif(2)
set.seed(1); stopifnot(runif(1) == before[1])
affirm(client, "r_values", list(rows = 812L, mean = 0.1 + 0.2, big = 100000, none = NULL, missing = NA, wrong = NaN, ok = TRUE, both = c(1, NA),
  kind = factor("a"), day = as.Date("2026-03-01"), table = data.frame(a = 1:2, b = c("x", "\\"")), empty = list(), f = quote(a + b)))
stopifnot(runif(1) == before[2])`,
    )
    assert.deepEqual((await told(ground, 'r_values'))[0]?.[1], {
      rows: 812,
      mean: 0.30000000000000004,
      big: 100_000,
      none: null,
      missing: null,
      wrong: 'NaN',
      ok: true,
      both: [1, null],
      kind: 'a',
      day: '2026-03-01T00:00:00Z',
      table: { a: [1, 2], b: ['x', '"'] },
      empty: [],
      f: 'a + b',
    })
  })

  expects('whatever it is given, it never raises and never prints to stdout', async (ground) => {
    const { out, err } = await says(
      ground,
      `
deep <- list(); for (n in 1:3000) deep <- list(deep)
client <- affirmative()
for (value in list(deep, new.env(), sum, function(x) x, 1:1e6, character(), NA_character_, 1i, Sys.time())) stopifnot(affirm(client, "r_odd", value))
affirm(client, NULL); affirm(client, list(1, 2), at = "never"); affirm(NULL, "r_odd"); affirm(affirmative("ftp://nowhere"), "r_odd")
affirm(affirmative(timeout = "soon", api_key = "two\\nlines"), "r_odd")`,
    )
    assert.equal(out, '')
    assert.doesNotMatch(err, /Error|two/)
    assert.equal((await ground.stored('r_odd')).length, 9)
  })

  expects('without the program curl a socket takes it, and https says what is missing', async (ground) => {
    const { err } = await says(
      ground,
      `
path <- Sys.getenv("PATH")
Sys.setenv(PATH = "/nonexistent")
stopifnot(affirm(affirmative(), "r_socket", "good"))
affirm(affirmative("https://127.0.0.1:1", timeout = 0.2, spool = "off"), "r_socket")
Sys.setenv(PATH = path)`,
    )
    assert.match(err, /^affirmative: r_socket was not accepted: https needs the program curl[^\n]*\n$/)
    assert.deepEqual(await told(ground, 'r_socket'), [['ok', 'good']])
  })

  expects('a command is told with its status and its last output', async (ground) => {
    const { out } = await says(
      ground,
      'print(affirm_run(affirmative(), "r_run", "sh", c("-c", "echo hello; echo trouble >&2; kill -TERM $$")))',
    )
    assert.equal(out, 'hello\n[1] 143\n')
    const [begun, [status, value] = []] = await told(ground, 'r_run')
    assert.deepEqual([begun?.[0], status, value.exit, value.signal], ['start', 'fail', 143, 'SIGTERM'])
    assert.deepEqual(value.output.trim().split('\n').sort(), ['hello', 'trouble'])
  })

  test('a command is not to be seen, whatever it prints, reads and returns', () =>
    fc.assert(
      fc.asyncProperty(aScript, fc.string({ unit: 'binary', maxLength: 200 }), async (script, input) => {
        const wrapped = startR(`quit(status = affirm_run(affirmative(), "x", "sh", c("-c", ${inR(script)})))`, NOWHERE, input)
        assertUnseen(await start(['sh', '-c', script], {}, input).ended, await wrapped.ended)
      }),
      { numRuns: 5, endOnFailure: true },
    ))
})
