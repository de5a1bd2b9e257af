import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startServer } from '../support/server.ts'

type Packed = { filename: string; files: { path: string }[] }

const dir = mkdtempSync(join(tmpdir(), 'affirmative-pack-'))
const installed = join(dir, 'node_modules', 'affirmative')
const npm = (...args: string[]): string => execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** The packages that an installation without those for development has, beside ours: what npm would put there. */
function linkPackages(): void {
  const root = resolve('node_modules')
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: boolean }> }
  const names = Object.entries(lock.packages)
    .filter(([path, { dev }]) => dev !== true && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && existsSync(path))
    .map(([path]) => relative('node_modules', path))
  for (const name of names) {
    mkdirSync(dirname(join(dir, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, name), join(dir, 'node_modules', name))
  }
}

describe('the package that npm pack makes', () => {
  let packed: Packed
  before(() => {
    // As it was built for these tests.
    const [made] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', dir)) as Packed[]
    packed = made ?? assert.fail('nothing was packed')
    execFileSync('tar', ['-xzf', join(dir, packed.filename), '-C', dir])
    mkdirSync(join(dir, 'node_modules'))
    renameSync(join(dir, 'package'), installed)
    linkPackages()
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  test('holds what runs, what is copied elsewhere and what is read, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    const folders = new Set(paths.map((path) => path.split('/')[0]))
    assert.deepEqual(
      [...folders].sort(),
      ['LICENSE', 'README.md', 'assets', 'clients', 'dist', 'docs', 'migrations', 'package.json', 'packaging'].sort(),
    )
    assert.deepEqual(
      paths.filter((path) => /\.map$|(^|\/)(test|bench|node_modules)\/|\.test\.|\.db|\.key$/.test(path)),
      [],
    )
    for (const path of ['dist/src/cli.js', 'dist/views/layout.js', 'packaging/systemd/affirmative.service'])
      assert.ok(paths.includes(path), path)
  })

  test('runs where nothing of the repository is: its server affirms and shows its pages', async () => {
    const program = join(installed, 'dist/src/cli.js')
    const server = await startServer({ DATABASE_URL: `file:${join(dir, 'a.db')}` }, [program, 'serve'])
    assert.equal(await (await fetch(`${server.url}/affirm/packed`)).text(), 'OK')
    assert.match(await (await fetch(server.url)).text(), /packed/)
    const [, style = ''] = /href="(\/[^"]+\.css[^"]*)"/.exec(await (await fetch(server.url)).text()) ?? []
    assert.equal((await fetch(server.url + style)).status, 200)
    assert.equal(await server.kill('SIGTERM'), 0)
  })

  test('is what npx affirmative runs', () => {
    const { bin, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      bin: { affirmative: string }
      version: string
    }
    mkdirSync(join(dir, 'node_modules', '.bin'))
    symlinkSync(join('..', 'affirmative', bin.affirmative), join(dir, 'node_modules', '.bin', 'affirmative'))
    execFileSync('chmod', ['+x', join(installed, bin.affirmative)])
    const said = execFileSync('npx', ['--no-install', 'affirmative', '--version'], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    assert.equal(said, `${version}\n`)
  })
})
