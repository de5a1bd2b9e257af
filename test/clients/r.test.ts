import assert from 'node:assert/strict'
import { chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../src/clock.ts'
import type { Site } from '../support/site.ts'
import { type Settings, start } from './driver.ts'
import { aGround, type Ground, startClientSite, tellingsOf } from './ground.ts'
import { IS_ROOT, leaveHidden, left, NOBODY } from './owners.ts'
import { CLIENT, inR, r, startR } from './r-driver.ts'
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
    const [begun, end] = await tellingsOf(ground, 'r_block')
    assert.deepEqual([begun, end?.[0], Object.keys(end?.[1])], [['start', null], 'ok', ['seconds']])
    assert.deepEqual((await tellingsOf(ground, 'r_raises')).map(([status, value]) => [status, value?.error]).at(1), [
      'fail',
      'row 7',
    ])
    assert.equal((await tellingsOf(ground, 'r_leaves')).at(1)?.[0], 'fail')
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
    assert.deepEqual((await tellingsOf(ground, 'r_values'))[0]?.[1], {
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
    assert.deepEqual(await tellingsOf(ground, 'r_socket'), [['ok', 'good']])
  })

  expects('a command is told with its status and its last output', async (ground) => {
    const { out } = await says(
      ground,
      'print(affirm_run(affirmative(), "r_run", "sh", c("-c", "echo hello; echo trouble >&2; kill -TERM $$")))',
    )
    assert.equal(out, 'hello\n[1] 143\n')
    const [begun, [status, value] = []] = await tellingsOf(ground, 'r_run')
    assert.deepEqual([begun?.[0], status, value.exit, value.signal], ['start', 'fail', 143, 'SIGTERM'])
    assert.deepEqual(value.output.trim().split('\n').sort(), ['hello', 'trouble'])
  })

  /** A process that is not ours alone: it may be another user's, or have less room. */
  const startBy = (before: readonly string[], script: string, settings: Settings) =>
    start([...before, 'Rscript', '--vanilla', '-e', `source(${JSON.stringify(CLIENT)}); ${script}`], settings)

  expects('a file that cannot be read is passed over, and said', async (ground) => {
    const hidden = leaveHidden(ground, 'r_hidden')
    const before = IS_ROOT ? ['setpriv', `--reuid=${NOBODY}`, '--clear-groups'] : []
    const { err } = await startBy(before, 'affirm(affirmative(), "r_hidden", id = "own")', ground.settings).ended
    assert.match(err, /^affirmative: \d+-hidden\.json [^\n]*passed over[^\n]*\n$/)
    assert.deepEqual((await ground.stored('r_hidden')).map(({ id }) => id).sort(), ['good', 'own'])
    assert.deepEqual(readdirSync(ground.spool), [hidden])
  })

  test('a folder of another user is not used', { skip: IS_ROOT ? false : 'only root gives folders away' }, async () => {
    const ground = await aGround(site, r)
    ground.leave(left('theirs', 'r_theirs'))
    chownSync(ground.spool, NOBODY, NOBODY)
    const { err } = await says(ground, 'affirm(affirmative(), "r_theirs", id = "own")')
    assert.match(err, /^affirmative: [^\n]*not kept[^\n]*another user[^\n]*\n$/)
    assert.deepEqual(
      (await ground.stored('r_theirs')).map(({ id }) => id),
      ['own'],
    )
    assert.equal(readdirSync(ground.spool).length, 1)
    await ground.close()
  })

  expects('without a home there is no spool: said once, and sent', async (ground) => {
    const twice =
      'Sys.setenv(HOME = "", AFFIRMATIVE_SPOOL = ""); client <- affirmative(); affirm(client, "r_homeless"); affirm(client, "r_homeless")'
    const { err } = await says(ground, twice)
    assert.match(err, /^affirmative: neither HOME nor XDG_STATE_HOME [^\n]*\n$/)
    assert.equal((await ground.stored('r_homeless')).length, 2)
  })

  expects('what cannot be put aside is left alone, and holds up nobody', async (ground) => {
    ground.leave(left('bad', 'no good name', 90_000))
    ground.leave(left('good', 'r_aside'))
    writeFileSync(join(ground.spool, 'refused'), '')
    const { out, err } = await says(ground, 'print(affirm(affirmative(), "r_aside", id = "own"))')
    assert.equal(out, '[1] TRUE\n')
    assert.match(err, /^affirmative: \d+-bad\.json [^\n]*cannot be moved[^\n]*\n$/)
    assert.deepEqual((await ground.stored('r_aside')).map(({ id }) => id).sort(), ['good', 'own'])
    assert.deepEqual(
      ground.front.seen.flatMap(({ ids }) => ids),
      ['own', 'bad', 'good'],
    )
  })

  /** What a call does with this answer; it has two seconds, and what it was given waits in the end. */
  const meets = async (ground: Ground, answer: (response: ServerResponse) => void, script: string) => {
    const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1')
    const { port } = await new Promise<AddressInfo>((resolve) =>
      server.once('listening', () => resolve(server.address() as AddressInfo)),
    )
    const settings = { ...ground.settings, AFFIRMATIVE_URL: `http://127.0.0.1:${port}`, AFFIRMATIVE_TIMEOUT: '2' }
    const ended = startR(script, settings).ended.finally(() => server.closeAllConnections())
    const late = systemClock.sleep(10_000).then(() => server.closeAllConnections())
    const { err, elapsed } = await Promise.race([ended, late.then(() => ended)])
    server.close()
    assert.ok(elapsed < 9_000, `${elapsed} ms`)
    assert.equal(ground.waiting().length, 1)
    return err
  }
  const trickle = (response: ServerResponse) => {
    const drops = setInterval(() => response.write(' '), 50)
    response.writeHead(200).once('close', () => clearInterval(drops))
  }

  expects('an answer that trickles is not read beyond the time', (ground) =>
    meets(ground, trickle, 'Sys.setenv(PATH = "/nonexistent"); affirm(affirmative(), "r_trickle")').then(() => undefined),
  )

  expects('of an answer without end no more is written than is read', async (ground) => {
    const flood = (response: ServerResponse) => response.writeHead(200).end(Buffer.alloc(2_000_000, ' '))
    const script = 'affirm(affirmative(), "r_flood")'
    assert.match(await meets(ground, flood, script), /r_flood was not accepted: [^\n]*Failure writing/)
  })

  expects('what cannot be written whole is not taken for kept', async (ground) => {
    const before = ['sh', '-c', 'trap "" XFSZ; ulimit -f 1; exec "$@"', 'sh']
    const { err } = await startBy(before, 'affirm(affirmative(), "r_full", strrep("x", 3000))', ground.settings).ended
    assert.match(err, /cannot be written/)
    assert.deepEqual(readdirSync(ground.spool), [])
  })

  expects('the end of a command waits for a server that hangs two seconds at most', async (ground) => {
    ground.front.set({ kind: 'silent' })
    const settings = { ...ground.settings, AFFIRMATIVE_TIMEOUT: '8' }
    const timed = 'cat(system.time(affirm_run(affirmative(), "r_hangs", "true"))[["elapsed"]])'
    const { out } = await startR(timed, settings).ended
    assert.ok(Number(out.toString()) < 5, `${out} s`)
    assert.deepEqual(
      ground.waiting().map(({ status }) => status),
      ['start', 'ok'],
    )
    assert.equal(existsSync(join(ground.spool, 'lock')), false)
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
