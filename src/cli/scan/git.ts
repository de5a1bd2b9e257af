import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MOST_SAID = 512 * 1_048_576

/** Neither a watcher that the repository names is started, nor a program that checks signatures. */
const PLAINLY = ['core.fsmonitor=false', 'log.showSignature=false', 'core.quotePath=false'].flatMap((setting) => ['-c', setting])

/** What git says; null where it is not installed, or this is no repository of ours. */
async function git(dir: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    return (await run('git', ['-C', dir, ...PLAINLY, ...args], { maxBuffer: MOST_SAID, encoding: 'utf8', env })).stdout
  } catch {
    return null
  }
}

/** Settings by which no filter is started: to tell what was changed git would give files to those that the repository names. */
async function withoutFilters(dir: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const keys = (
    await git(dir, ['config', '-z', '--name-only', '--get-regexp', String.raw`^filter\..*\.(clean|process|required)$`])
  )?.split('\0')
  const off = [...new Set(keys)].filter((key) => key !== '').map((key) => [key, key.endsWith('.required') ? 'false' : ''])
  // Not by -c: a name may hold the sign that ends it there.
  const each = off.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, value],
  ])
  return { ...env, ...Object.fromEntries(each), GIT_CONFIG_COUNT: `${off.length}` }
}

/** Files that git knows or would take, relative to `dir`; null where it is no repository. */
export async function filesByGit(dir: string): Promise<string[] | null> {
  const listed = await git(dir, ['ls-files', '-co', '--exclude-standard', '-z'])
  return listed === null ? null : [...new Set(listed.split('\0'))].filter((path) => path !== '')
}

/** What a repository is at. `inside`: the folder below its root that was asked about, empty for the root. */
export type Checkout = { commit: string; committedAt: number; remote: string | null; inside: string; isClean: boolean }

/** Null where nothing was ever committed, or there is no git. */
export async function checkoutOf(dir: string, env: NodeJS.ProcessEnv): Promise<Checkout | null> {
  const [head, inside, remote, status] = await Promise.all([
    git(dir, ['show', '-s', '--format=%H %ct', 'HEAD']),
    git(dir, ['rev-parse', '--show-prefix']),
    git(dir, ['config', '--get', 'remote.origin.url']),
    withoutFilters(dir, env).then((env) => git(dir, ['status', '--porcelain', '--untracked-files=no'], env)),
  ])
  const [commit, seconds] = head?.trim().split(' ') ?? []
  if (commit === undefined || seconds === undefined) return null
  const at = { commit, committedAt: Number(seconds) * 1_000 }
  return { ...at, remote: remote?.trim() || null, inside: inside?.trim() ?? '', isClean: status === '' }
}

/** A remote as people call it, and where its web pages are; both without a user or a password. */
export type Remote = { name: string; web: string | null }

const bare = (path: string): string => path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')

/** `git@host:a/b.git`, `ssh://…`, `https://…`; null for a path of this machine. */
export function remoteOf(text: string): Remote | null {
  const short = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)(.+)$/.exec(text)
  if (short?.[1] !== undefined && short[2] !== undefined) return named('https:', short[1], short[1], bare(short[2]))
  if (!URL.canParse(text)) return null
  const { protocol, host, hostname, pathname } = new URL(text)
  if (protocol === 'http:' || protocol === 'https:') return named(protocol, host, hostname, bare(pathname))
  // The port is of ssh or git, not of its pages.
  return protocol === 'ssh:' || protocol === 'git:' ? named('https:', hostname, hostname, bare(pathname)) : null
}

const named = (protocol: string, host: string, hostname: string, path: string): Remote => ({
  name: `${hostname}/${path}`,
  web: path === '' ? null : `${protocol}//${host}/${path}`,
})

const LINES: readonly { of: RegExp; link: string }[] = [
  { of: /github/i, link: '/blob/{commit}/{path}#L{line}' },
  { of: /gitlab/i, link: '/-/blob/{commit}/{path}#L{line}' },
  { of: /gitea|forgejo|codeberg/i, link: '/src/commit/{commit}/{path}#L{line}' },
]

/** Where a line can be read, by the host's name; null where it says nothing. */
export function linkTemplateOf({ web }: Remote): string | null {
  if (web === null) return null
  const known = LINES.find(({ of }) => of.test(new URL(web).hostname))
  return known === undefined ? null : `${web}${known.link}`
}
