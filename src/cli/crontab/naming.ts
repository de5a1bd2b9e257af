import { commandsIn } from './words.ts'

/** Programs and words of the shell before the program that is meant: which of their options have a value, and how many words of their own they take. */
const BEFORE = new Map<string, { valued: string; words: number }>([
  ...['chronic', 'command', 'cronic', 'do', 'else', 'if', 'nohup', 'setsid', 'then', '!', '{'].map(
    (word): [string, { valued: string; words: number }] => [word, { valued: '', words: 0 }],
  ),
  ['doas', { valued: 'Cu', words: 0 }],
  ['env', { valued: 'uCS', words: 0 }],
  ['exec', { valued: 'a', words: 0 }],
  ['flock', { valued: 'wE', words: 1 }],
  ['ionice', { valued: 'cnp', words: 0 }],
  ['nice', { valued: 'n', words: 0 }],
  ['stdbuf', { valued: 'ioe', words: 0 }],
  ['sudo', { valued: 'ugCDhpRT', words: 0 }],
  ['systemd-cat', { valued: 'tp', words: 0 }],
  ['time', { valued: 'fo', words: 0 }],
  ['timeout', { valued: 'ks', words: 1 }],
])
/** What prepares a job and is not the job. */
const SMALL = new Set(
  '[ [[ test cd echo printf sleep true false : set export unset . source mkdir umask ulimit exit date fi done } logger cat tee'.split(
    ' ',
  ),
)
const RUNS_A_FILE = /^(ba|da|k|z)?sh$|^(python|perl|ruby|node|php|deno|bun|Rscript|java|run-parts|su|runuser)[\d.]*$/
const EXTENSION = /\.(sh|bash|zsh|ksh|py|pyc|pl|rb|js|mjs|cjs|ts|php|r|jar|exe|bin|tcl|lua|awk)$/i
const LONGEST = 100
/** As long as a part of a host's name. */
const LONGEST_PREFIX = 63

const baseOf = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? ''

/** Takes off `sudo -u ann`, `timeout 10m`, `LANG=C` and the like. */
function withoutPrefixes(words: readonly string[]): readonly string[] {
  let rest = words
  for (;;) {
    const [first] = rest
    if (first === undefined) return rest
    const before = BEFORE.get(baseOf(first))
    if (/^[A-Za-z_]\w*=/.test(first)) rest = rest.slice(1)
    else if (before !== undefined) rest = withoutOptions(rest.slice(1), before.valued).slice(before.words)
    else return rest
  }
}

function withoutOptions(words: readonly string[], valued: string): readonly string[] {
  const [first] = words
  if (first === undefined || !first.startsWith('-') || first === '-') return words
  const hasValue = /^-[A-Za-z]$/.test(first) && valued.includes(first.slice(1))
  return withoutOptions(words.slice(hasValue ? 2 : 1), valued)
}

/** What an interpreter was given to run: a text, a module, or a file. */
function givenTo(words: readonly string[]): string | null {
  const text = words[words.findIndex((word) => /^-\w*c$/.test(word)) + 1]
  if (words.some((word) => /^-\w*c$/.test(word)) && text !== undefined) return scriptOf(text)
  const module = words[words.indexOf('-m') + 1]
  if (words.includes('-m') && module !== undefined) return module
  return words.find((word) => !word.startsWith('-')) ?? null
}

function scriptOf(text: string): string | null {
  for (const command of commandsIn(text)) {
    const [program, ...rest] = withoutPrefixes(command)
    // `flock FILE -c TEXT`: what runs it was taken off.
    if (program === '-c') return scriptOf(rest[0] ?? '')
    if (program === undefined || SMALL.has(baseOf(program))) continue
    return RUNS_A_FILE.test(baseOf(program)) ? (givenTo(rest) ?? program) : program
  }
  return null
}

/** The name of an event for a command: the script's base name without path and extension, in the signs that a name may have. */
export function nameFor(command: string): string {
  const base = baseOf(scriptOf(command.replaceAll('\\%', '%')) ?? '').replace(EXTENSION, '')
  const name = base.replace(/[^A-Za-z0-9_.:-]+/g, '_').replace(/^[^A-Za-z0-9]+|_+$/g, '')
  return name === '' ? 'job' : name.slice(0, LONGEST)
}

/** Of two machines that send their crontabs the jobs may be called alike: `prefix`, the host, keeps them apart. Empty: none. */
export const withPrefix = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}_${name}`.slice(0, LONGEST))

/** What a prefix is when nobody says one: the host's name up to its domain, in the signs that a name may have. */
export const prefixOf = (host: string): string =>
  (host.split('.')[0] ?? '')
    .replace(/[^A-Za-z0-9-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LONGEST_PREFIX)

/** Why it cannot stand before names; null when it can. */
export const prefixTrouble = (prefix: string): string | null =>
  prefix === '' || (/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/.test(prefix) && prefix.length <= LONGEST_PREFIX)
    ? null
    : `must be at most ${LONGEST_PREFIX} letters, digits and . _ : -, of which a letter or digit is the first`

/** The first of `name`, `name-2`, `name-3`, … that is not taken yet. */
export function untaken(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? name : `${name}-${n}`
    if (!taken.has(tried)) return tried
  }
}
