import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

type Source = { path: string; text: string }
/** What a file may import: prefixes of our own paths, and packages. */
type Rule = { of: (path: string) => boolean; own: string[]; packages: RegExp }

const isIn =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(folder))
const NODE = /^node:/
const COMMON = ['src/domain/', 'src/log.ts', 'src/loop.ts', 'src/clock.ts', 'src/root.ts']

const RULES: Record<string, Rule> = {
  'the domain knows only itself, and does no I/O': {
    of: isIn('src/domain/'),
    own: ['src/domain/'],
    packages: /^(cron-parser|cronstrue)$/,
  },
  'the store knows the domain': {
    of: isIn('src/store/'),
    own: [...COMMON, 'src/store/'],
    packages: /^(node:|drizzle-orm|better-sqlite3$|pg$)/,
  },
  'channels know the domain': {
    of: isIn('src/channels/'),
    own: [...COMMON, 'src/channels/'],
    packages: /^(node:|undici$|ipaddr\.js$|nodemailer$|@smithy\/|@aws-crypto\/)/,
  },
  'services know the domain, the channels and the store by its interface alone': {
    of: isIn('src/services/'),
    own: [...COMMON, 'src/services/', 'src/channels/', 'src/store/store.ts'],
    packages: /^(node:|nanoid$|openid-client$)/,
  },
  'http knows services, the store by its interface, and the views': {
    of: isIn('src/http/'),
    own: [...COMMON, 'src/services/', 'src/store/store.ts', 'src/store/trouble.ts', 'src/http/', 'views/'],
    packages: /^(node:|hono|@hono\/|valibot$|nanoid$)/,
  },
  'views know only each other and the domain': { of: isIn('views/'), own: ['views/', 'src/domain/'], packages: /^hono/ },
  'a verb of the command line knows what it starts, and the store by what opens or copies it': {
    of: isIn('src/cli/'),
    own: [
      ...COMMON,
      'src/cli/',
      'src/config.ts',
      'src/config.values.ts',
      'src/serve.ts',
      'src/welcome-url.ts',
      'src/services/',
      'src/store/store.ts',
      'src/store/open.ts',
      'src/store/copy.ts',
    ],
    packages: NODE,
  },
  'loops and clock know no one below them': {
    of: (path) => /^src\/(loop|clock|log)\.ts$/.test(path),
    own: COMMON,
    packages: NODE,
  },
}

/** Words that only these files may hold. */
const ONLY_IN: Record<string, { word: RegExp; files: (path: string) => boolean }> = {
  'only the clock asks what time it is': {
    word: /\b(Date\.now\(|new Date\(\)|setTimeout\(|setInterval\(|performance\.now\()/,
    files: (path) => path === 'src/clock.ts',
  },
  'only main and cli read the environment': { word: /\bprocess\.env\b/, files: (path) => /^src\/(main|cli)\.ts$/.test(path) },
  'only the store speaks SQL through drizzle': { word: /['"](drizzle-orm|better-sqlite3|pg)['"/]/, files: isIn('src/store/') },
  'nobody prints but the command line': { word: /\bconsole\./, files: (path) => path === 'src/cli.ts' },
  'only main and cli end the process, and the server when it is told to': {
    word: /\bprocess\.(exit\(|exitCode\b)/,
    files: (path) => /^src\/(main|cli|serve)\.ts$/.test(path),
  },
  'no text of people goes out as raw markup': { word: /dangerouslySetInnerHTML|\braw\(['"`]?[a-z]+\)/, files: () => false },
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ path: normalize(join(folder, name)), text: readFileSync(join(folder, name), 'utf8') }))
}

const IMPORT = /^(?:import|export)\s[^'"=]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
const importsOf = ({ text }: Source): string[] =>
  [...text.matchAll(IMPORT)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')

function breaches(sources: readonly Source[], { of, own, packages }: Rule): string[] {
  return sources
    .filter(({ path }) => of(path))
    .flatMap((source) =>
      importsOf(source)
        .filter((wanted) => {
          if (!wanted.startsWith('.')) return !packages.test(wanted)
          const target = normalize(join(dirname(source.path), wanted))
          return !own.some((allowed) => target.startsWith(allowed))
        })
        .map((wanted) => `${source.path} imports ${wanted}`),
    )
}

const leaks = (sources: readonly Source[], { word, files }: (typeof ONLY_IN)[string]): string[] =>
  sources.filter(({ path, text }) => !files(path) && word.test(text)).map(({ path }) => path)

const sources = [...sourcesIn('src'), ...sourcesIn('views')]

for (const [name, rule] of Object.entries(RULES)) {
  test(name, () => {
    assert.ok(
      sources.some(({ path }) => rule.of(path)),
      'no file was looked at',
    )
    assert.deepEqual(breaches(sources, rule), [])
  })
}

for (const [name, only] of Object.entries(ONLY_IN)) {
  test(name, () => {
    assert.deepEqual(leaks(sources, only), [])
  })
}

test('these checks see a breach when there is one', () => {
  const planted = (path: string, text: string): Source[] => [{ path, text }]
  const [domain, store] = Object.values(RULES)
  assert.ok(domain && store)
  assert.equal(breaches(planted('src/domain/x.ts', "import { a } from '../store/store.ts'"), domain).length, 1)
  assert.equal(breaches(planted('src/domain/x.ts', "import { readFileSync } from 'node:fs'"), domain).length, 1)
  assert.equal(breaches(planted('src/store/x.ts', "import type { A } from '../services/affirm.ts'"), store).length, 1)
  for (const [name, text] of Object.entries({
    'only the clock asks what time it is': 'const now = Date.now()',
    'only main and cli read the environment': 'process.env.PORT',
    'only the store speaks SQL through drizzle': "import { eq } from 'drizzle-orm'",
    'nobody prints but the command line': "console.log('x')",
    'only main and cli end the process, and the server when it is told to': 'process.exit(1)',
  })) {
    const only = ONLY_IN[name]
    assert.ok(only)
    assert.deepEqual(leaks(planted('src/services/x.ts', text), only), ['src/services/x.ts'], name)
  }
})

test('the packages pinned in package.json are exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const versions = Object.entries({ ...dependencies, ...devDependencies })
  assert.ok(versions.length > 10)
  assert.deepEqual(
    versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    [],
  )
})
