import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { LARGEST } from '../../src/cli/scan/read.ts'
import { scanVerb } from '../../src/cli/scan.ts'
import { WrongUsage } from '../../src/cli/verb.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

type Told = {
  items: { key: string | null; event: string | null; path: string; line: number; column: number; known: boolean | null }[]
  unknown: { key: string | null; event: string | null; path: string; line: number; nearest: string | null }[]
  disagreeing: { key: string; event: string; beside: string }[]
  unused: { key: string; event: string }[] | null
  several: { event: string; places: { path: string; line: number }[] }[] | null
  words: number
  looked: { files: number; bytes: number; binary: number; huge: number; unreadable: number }
}
type Tree = Readonly<Record<string, string | Buffer>>

const ETL = 'af_k3Jq8Zw2'
const BACKUP = 'af_Qx7Rt5Yb'

function aTree(t: TestContext, files: Tree): string {
  const dir = mkdtempSync(join(tmpdir(), 'affirmative-scan-'))
  t.after(() => rmSync(dir, { recursive: true }))
  write(dir, files)
  return dir
}

function write(dir: string, files: Tree): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}

function git(dir: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH ?? '', HOME: dir, GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { env, stdio: 'pipe' }).toString()
}

/** One commit of all that is there, on that hour of the day. */
function commit(dir: string, hour: string): string {
  git(dir, 'add', '-A')
  const date = `2026-03-04T${hour}:00:00Z`
  const env = { PATH: process.env.PATH ?? '', HOME: dir, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date }
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b']
  execFileSync('git', ['-C', dir, ...who, 'commit', '-q', '--allow-empty', '-m', 'a'], { env })
  return git(dir, 'rev-parse', 'HEAD').trim()
}

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const into = (name: 'out' | 'err') => ({
    write: (text: string) => {
      said[name] += text
    },
  })
  const status = await scanVerb.run(args, { env: {}, out: into('out'), err: into('err'), input: () => process.stdin })
  return { status, ...said }
}

const offline = async (dir: string, ...args: string[]): Promise<Told> =>
  JSON.parse((await run(dir, '--offline', '--json', ...args)).out) as Told
const pathsOf = ({ items }: Told): string[] => items.map(({ path }) => path).sort()

describe('which files are looked into', () => {
  const LINE = `# ${ETL}\n`

  test('of a repository those that git knows or would take, wherever the scan begins', async (t) => {
    const files = { '.gitignore': 'out/\n', 'a.py': LINE, 'out/b.py': LINE, 'lib/new.rs': LINE, 'node_modules/x/c.js': LINE }
    const dir = aTree(t, files)
    git(dir, 'init', '-q')
    git(dir, 'add', 'a.py', 'node_modules')
    assert.deepEqual(pathsOf(await offline(dir)), ['a.py', 'lib/new.rs'])
    assert.deepEqual(pathsOf(await offline(join(dir, 'lib'))), ['new.rs'])
    assert.deepEqual(pathsOf(await offline(dir, '--all')), ['a.py', 'lib/new.rs', 'node_modules/x/c.js', 'out/b.py'])
  })

  test('of another folder all but what ignore files name, and what is installed', async (t) => {
    const files = {
      '.gitignore': '*.tmp',
      'a.py': LINE,
      'b.tmp': LINE,
      'lib/.gitignore': '/c.py',
      'lib/c.py': LINE,
      'c.py': LINE,
    }
    const dir = aTree(t, { ...files, 'node_modules/x/d.js': LINE, '.git-not/e.py': LINE })
    assert.deepEqual(pathsOf(await offline(dir)), ['.git-not/e.py', 'a.py', 'c.py'])
  })

  test('.affirmativeignore leaves out what git knows', async (t) => {
    const dir = aTree(t, { '.affirmativeignore': 'docs/\n*.md\n', 'docs/a.py': LINE, 'b.md': LINE, 'c.py': LINE })
    assert.deepEqual(pathsOf(await offline(dir)), ['c.py'])
    git(dir, 'init', '-q')
    assert.deepEqual(pathsOf(await offline(dir)), ['c.py'])
  })

  test('binary and huge files are left out and counted; links are not followed, even out of the tree', async (t) => {
    const outside = aTree(t, { 'secret.py': LINE, 'folder/d.py': LINE })
    const dir = aTree(t, { 'a.py': LINE, 'b.bin': Buffer.from(`\0${LINE}`), 'c.log': Buffer.alloc(LARGEST + 1, 'x') })
    symlinkSync(join(outside, 'secret.py'), join(dir, 'link.py'))
    symlinkSync(join(outside, 'folder'), join(dir, 'link'))
    for (const isGit of [false, true]) {
      if (isGit) git(dir, 'init', '-q')
      const { looked, ...told } = await offline(dir)
      assert.deepEqual(pathsOf({ looked, ...told }), ['a.py'])
      assert.deepEqual([looked.files, looked.binary, looked.huge], [1, 1, 1])
    }
  })

  test('odd names and odd bytes are no trouble', async (t) => {
    const dir = aTree(t, {
      'a b\n"ü".py': LINE,
      'latin1.c': Buffer.from(`/* \xfc ${ETL} */`, 'latin1'),
      empty: '',
      'crlf.bat': `rem\r\nrem ${ETL}\r\n`,
    })
    for (const isGit of [false, true]) {
      if (isGit) git(dir, 'init', '-q')
      const { items } = await offline(dir)
      assert.deepEqual(items.map(({ path, line, column }) => [path, line, column]).sort(), [
        ['a b\n"ü".py', 1, 3],
        ['crlf.bat', 2, 5],
        ['latin1.c', 1, 6],
      ])
    }
    assert.match((await run(dir, '--offline')).out, /a b\?"ü"\.py:1\n/, 'a name does not write over the terminal')
  })

  test('without a server nothing is called known or unknown, and that is said', async (t) => {
    const dir = aTree(t, { 'a.py': `affirm("etl_ran") # ${ETL}` })
    const told = await offline(dir)
    assert.deepEqual(
      told.items.map(({ key, event, known }) => [key, event, known]),
      [
        [null, 'etl_ran', null],
        [ETL, null, null],
      ],
    )
    assert.deepEqual([told.unknown, told.unused, told.several], [[], null, null])
    assert.match((await run(dir, '--offline')).err, /Looked through 1 file, \d\d bytes in .*\nNobody was asked: which keys/)
  })
})

describe('a scan that asks the server', () => {
  let engine: TestEngine
  let site: Site
  before(async () => {
    engine = await startEngine('sqlite')
  })
  beforeEach(async () => {
    site = await startSite(await engine.open(), '2026-03-04T09:14:12Z')
    const { declaring, clock } = site.world
    for (const [name, key] of [
      ['etl_ran', ETL],
      ['backup_done', BACKUP],
      ['never_used', 'af_Nv7Rt5Yb'],
    ] as const)
      await declaring.registerEvent({ name, key, description: '', tags: [] }, clock.now())
  })
  after(() => engine.stop())
  const asking = async (...args: string[]) => run(...args, '--url', site.url).finally(() => site.close())
  const asked = async (...args: string[]): Promise<Told> => JSON.parse((await asking(...args, '--json')).out) as Told

  test('tells each place by event with its key and its name, a call and the key beside it as one', async (t) => {
    const dir = aTree(t, { 'a.py': `affirm("etl_ran")  # ${ETL}\n`, 'b.sh': `affirm.sh ${BACKUP}\naffirm.sh backup_done\n` })
    const { out } = await asking(dir)
    assert.equal(
      out,
      `etl_ran  ${ETL}\n  a.py:1\nbackup_done  ${BACKUP}\n  b.sh:1\n  b.sh:2\n\nAffirmed from more than one place (1):\n  backup_done  ${BACKUP}  2 places\n\nUsed nowhere (1):\n  never_used  af_Nv7Rt5Yb\n`,
    )
  })

  test('tells unknown keys and names with the nearest known, and takes words for no keys', async (t) => {
    const dir = aTree(t, { 'a.py': 'x("af_k3Jq8Zw3")\naffirm("etl_rann")\naf_register()\n' })
    const { unknown, words, unused } = await asked(dir)
    assert.deepEqual(
      unknown.map(({ key, event, line, nearest }) => [key, event, line, nearest]),
      [
        ['af_k3Jq8Zw3', null, 1, ETL],
        [null, 'etl_rann', 2, 'etl_ran'],
      ],
    )
    assert.deepEqual([words, unused?.length], [1, 3])
  })

  test('tells a key beside the name of another event, and none whose own name is there', async (t) => {
    const dir = aTree(t, {
      'bad.py': `# backup_done\naffirm("${ETL}")\n`,
      'good.py': `affirm("${ETL}")  # etl_ran, after backup_done\n`,
      'list.py': `"etl_ran": "${ETL}",\n"backup_done": "${BACKUP}",\n`,
      'plain.py': `affirm("${ETL}")\n`,
    })
    const { disagreeing } = await asked(dir)
    assert.deepEqual(
      disagreeing.map(({ key, event, beside }) => [key, event, beside]),
      [[ETL, 'etl_ran', 'backup_done']],
    )
  })

  const DISAGREEING: readonly string[] = [
    `# ${ETL}: orders\ncurl -fsS $URL/affirm/${ETL}/$?`,
    `curl -fsS $URL/affirm/${ETL} # orders`,
    `curl -fsS $URL/affirm/${ETL}/$? # orders\r`,
    `x = "${ETL}"  # orders`,
    `client.affirm("${ETL}", {"rows": 3})  // orders`,
    `ORDERS_KEY=${ETL}`,
    `const ordersKey = '${ETL}'`,
    `orders: ${ETL}`,
    `orders = "https://affirm.example.org/affirm/${ETL}"`,
    `<!-- ${ETL}: orders -->`,
    `{"${ETL}": "orders", "${BACKUP}": "backup_done"}`,
    `curl $URL/affirm/backup_done/fail\n// orders: ${ETL}`,
  ]
  for (const text of DISAGREEING)
    test(`tells who is named for a key: ${JSON.stringify(text)}`, async (t) => {
      await site.world.declaring.registerEvent({ name: 'orders', description: '', tags: [] }, site.world.clock.now())
      const { disagreeing } = await asked(aTree(t, { a: `${text}\n` }))
      assert.deepEqual(
        disagreeing.map(({ event, beside }) => [event, beside]),
        [['etl_ran', 'orders']],
      )
    })

  const AGREEING: readonly string[] = [
    `# ${ETL}: etl_ran`,
    `ETL_RAN_KEY=${ETL}  # orders`,
    `x = "${ETL}"  # orders come later`,
    `affirm("backup_done")\naffirm("${ETL}")\naffirm("backup_done")`,
    `orders = 3\nx = "${ETL}"`,
    `https: "${ETL}"`,
  ]
  for (const text of AGREEING)
    test(`takes a word for no name of a key: ${JSON.stringify(text)}`, async (t) => {
      await site.world.declaring.registerEvent({ name: 'orders', description: '', tags: [] }, site.world.clock.now())
      assert.deepEqual((await asked(aTree(t, { a: `${text}\n` }))).disagreeing, [])
    })

  test('a comment with the key right above its call is one place with it, the call’s', async (t) => {
    const dir = aTree(t, {
      'a.py': `# ${ETL}: etl_ran\n# ${ETL}\naffirm("${ETL}")\n`,
      'b.sh': `# backup: ${BACKUP}\n\n/affirm/${BACKUP}\n# affirm.sh ${BACKUP}\naffirm.sh backup_done\n`,
    })
    const { items, several } = await asked(dir)
    assert.deepEqual(
      items.map(({ path, line }) => `${path}:${line}`),
      ['a.py:3', 'b.sh:1', 'b.sh:3', 'b.sh:4', 'b.sh:5'],
    )
    assert.deepEqual(
      several?.map(({ event, places }) => [event, places.length]),
      [['backup_done', 4]],
    )
  })

  test('lists twenty events that are used nowhere and counts the others; programs are told all', async (t) => {
    const { declaring, clock } = site.world
    for (let n = 10; n < 40; n += 1) await declaring.registerEvent({ name: `idle_${n}`, description: '', tags: [] }, clock.now())
    const dir = aTree(t, { 'a.py': '' })
    const { out } = await run(dir, '--url', site.url)
    assert.match(out, /Used nowhere \(33\):\n(?: {2}\S+ {2}af_\w{8}\n){20} {2}… and 13 more; --json tells all\n$/)
    assert.equal((await asked(dir)).unused?.length, 33)
  })

  const TREES: readonly [what: string, text: string, options: string[], status: number][] = [
    ['an unknown key', 'af_k3Jq8Zw3', ['--check'], 1],
    ['an unknown key, unasked', 'af_k3Jq8Zw3', [], 0],
    ['a name beside another key', `${ETL} backup_done`, ['--check'], 1],
    ['an unknown name', 'affirm("new_one")', ['--check'], 0],
    ['an unknown name, asked for', 'affirm("new_one")', ['--fail-on', 'names,several'], 1],
    ['an event used nowhere', ETL, ['--fail-on', 'unused'], 1],
    ['nothing wrong', ETL, ['--check'], 0],
  ]
  for (const [what, text, options, status] of TREES)
    test(`ends with ${status} by ${options.join(' ') || 'nothing asked'}: ${what}`, async (t) => {
      assert.equal((await asking(aTree(t, { 'a.py': text }), ...options)).status, status)
    })

  test('tells the server the places of a commit, once more where they went, and no secret of the remote', async (t) => {
    const dir = aTree(t, { 'jobs/a.py': `\naffirm("${ETL}")\naffirm("unknown_one")\n` })
    git(dir, 'init', '-q')
    git(dir, 'remote', 'add', 'origin', 'https://ann:hunter2@github.com/shop/jobs.git')
    const first = commit(dir, '08')
    const { err } = await run(dir, '--push', '--url', site.url)
    assert.match(err, new RegExp(`Told of github.com/shop/jobs at ${first.slice(0, 12)}: 1 new, 0 as before, 0 gone\\.\n$`))
    write(dir, { 'jobs/a.py': '' })
    assert.match((await run(dir, '--push', '--url', site.url)).err, /1 gone\. There are changes that are not committed/)
    write(dir, { 'jobs/b.py': ETL })
    const second = commit(dir, '09')
    const { store } = site.world
    assert.match((await asking(dir, '--push')).err, /1 new, 0 as before, 0 gone/)
    const { items } = await store.listPlaces({}, { limit: 10, cursor: null })
    assert.deepEqual(
      items.map(({ path, line, link, first, gone }) => [path, line, link, first.commit, gone?.commit]),
      [
        ['jobs/a.py', 2, `https://github.com/shop/jobs/blob/${first}/jobs/a.py#L2`, first, first],
        ['jobs/b.py', 1, `https://github.com/shop/jobs/blob/${second}/jobs/b.py#L1`, second, undefined],
      ],
    )
    const noted = await store.changes({}, { limit: 100, cursor: null })
    assert.ok(!JSON.stringify([items, noted]).includes('hunter2'))
  })

  test('starts no program that the repository names: a filter, or one that checks signatures', async (t) => {
    const dir = aTree(t, { 'a.py': ETL, '.gitattributes': '*.py filter=own=1\n' })
    git(dir, 'init', '-q')
    commit(dir, '08')
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n'
    const signed = git(dir, 'cat-file', 'commit', 'HEAD').replace(/^(committer .*\n)/m, `$1${signature}`)
    write(dir, { '.git/signed': signed })
    git(dir, 'update-ref', 'HEAD', git(dir, 'hash-object', '-t', 'commit', '-w', join(dir, '.git/signed')).trim())
    write(dir, { '.git/program': `#!/bin/sh\ntouch '${dir}/.git/started'\ncat\n` })
    chmodSync(join(dir, '.git/program'), 0o755)
    git(dir, 'config', 'log.showSignature', 'true')
    git(dir, 'config', 'gpg.program', join(dir, '.git/program'))
    git(dir, 'config', 'filter.own=1.clean', join(dir, '.git/program'))
    git(dir, 'config', 'filter.own=1.required', 'true')
    write(dir, { 'a.py': ETL.toUpperCase() })
    const { err } = await asking(dir, '--push')
    assert.match(err, /There are changes that are not committed/)
    assert.equal(existsSync(join(dir, '.git/started')), false)
  })

  test('a part of a repository is told only under a name of its own, with paths from the root', async (t) => {
    const dir = aTree(t, { 'jobs/a.py': ETL })
    git(dir, 'init', '-q')
    commit(dir, '08')
    await assert.rejects(run(join(dir, 'jobs'), '--push', '--url', site.url), /would replace what is known of all of it/)
    const link = 'https://git.example.org/{commit}/{path}#{line}'
    await run(join(dir, 'jobs'), '--push', '--repo', 'the jobs', '--link', link, '--url', site.url)
    const { items } = await site.world.store.listPlaces({}, { limit: 10, cursor: null })
    assert.deepEqual([items[0]?.repo, items[0]?.path], ['the jobs', 'jobs/a.py'])
    assert.match(items[0]?.link ?? '', /^https:\/\/git\.example\.org\/[0-9a-f]{40}\/jobs\/a\.py#1$/)
    await site.close()
  })

  test('what is not understood does nothing', async (t) => {
    const dir = aTree(t, { 'a.py': ETL })
    await site.close()
    for (const args of [
      ['--offline', '--check'],
      ['--offline', '--push'],
      ['--fail-on', 'typos', '--url', 'http://x'],
      ['--push', '--url', 'http://x'],
      ['--repo', 'x', '--url', 'http://x'],
      ['second'],
      [],
    ])
      await assert.rejects(run(dir, ...args), WrongUsage, args.join(' '))
    await assert.rejects(run(join(dir, 'a.py'), '--offline'), /a\.py is no folder/)
  })
})
