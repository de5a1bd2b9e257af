import { isKey, isName } from '../../domain/event.ts'
import type { Job } from './lines.ts'

/** `program`: the path of affirm.sh. `env`: named in each line; null where the crontab or the server says it. */
export type Wrapper = { program: string; env: string | null }
export type Wrapped = { text: string } | { trouble: string }

/** Signs that mean themselves in any shell, and to cron. */
const SAFE = /^[\w./:@,+-]+$/
/** A program with words that mean themselves. One that begins with `-` is taken for an option; a word that begins with `=` is looked up by zsh. */
const PLAIN = /^[\w./:@,+][\w./:@,+-]*(?:[ \t]+[\w./:@,+-][\w./:@,+=-]*)*[ \t]*$/
/** What a shell does itself: of these there is no program, or another one. */
const OF_THE_SHELL = new Set(
  `. : alias autoload bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done echo
  elif else emulate enable esac eval exec exit export false fc fg fi for foreach function getopts hash help history if in integer jobs kill let
  limit local logout mapfile nocorrect noglob popd print printf pushd pwd read readarray readonly rehash repeat return sched select set setopt
  shift shopt source suspend test then time times trap true type typeset ulimit umask unalias unfunction unset unsetopt until vared wait whence
  where which while zmodload zstyle`.split(/\s+/),
)
/** Their quotes are known, and they take `-c`. */
const SHELL = /^(?:[\w./+-]*\/)?(sh|bash|dash|ash|ksh|ksh93|mksh|zsh)$/
/** Debian's cron refuses the whole crontab where a command has 1,000 bytes. */
const LONGEST = 998

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const isPlain = (command: string): boolean => PLAIN.test(command) && !OF_THE_SHELL.has(/^[^ \t]+/.exec(command)?.[0] ?? '')

/** Why a path cannot stand in a crontab; null when it can. */
export const wrapperTrouble = (program: string): string | null =>
  SAFE.test(program) ? null : 'must be a path of letters, digits and . _ / : @ , + -'

/**
 * The line with its command run by affirm.sh. What is more than a program and its words goes, letter by letter, to the shell that cron would have
 * given it to; whatever this cron makes of backslashes, it makes the same of it there.
 */
export function wrap({ head, command, tail, settings }: Job, event: string, { program, env }: Wrapper): Wrapped {
  const shell = settings.SHELL ?? '/bin/sh'
  if (!SHELL.test(shell)) return { trouble: `its SHELL, ${shell}, is none whose quotes are known (sh, bash, dash, ksh, zsh)` }
  if (command.includes('\0')) return { trouble: 'it holds a NUL, at which cron stops reading' }
  const inner = isPlain(command) ? command : `${shell} -c ${quoted(command)}`
  const run = `${program} run ${event}${env === null ? '' : ` --env ${env}`} -- ${inner}`
  if (run.length + tail.length > LONGEST) return { trouble: `it would be longer than the ${LONGEST} bytes that cron takes` }
  return { text: head + run + tail }
}

const RUN = /(?:^|[\s/'"])(?:affirm\.sh|affirmative)[ \t]+run[ \t]+((?:[^ \t]+[ \t]+)*?)--[ \t]/
/** `affirm.sh EVENT` and `affirmative affirm EVENT`, up to where another command begins. */
const CALL = /(?:^|[\s/'";&|])(?:affirm\.sh|affirmative[ \t]+affirm)[ \t]+([^;&|<>'"]+)/
/** The address that curl is given. */
const ADDRESS = /\/affirm\/([A-Za-z0-9][\w.:-]*)/
const VALUED = /^--(env|source|id|timeout|url|api-key)$/

const eventAmong = (words: readonly string[]): string | undefined =>
  words.find((word, i) => !word.startsWith('-') && !VALUED.test(words[i - 1] ?? ''))

const envAmong = (words: readonly string[]): string | undefined => {
  const at = words.indexOf('--env')
  return at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--env='))?.slice('--env='.length)
}

/** The event (by name or key) that a command affirms already, and the environment it names; null when it affirms none. */
export function affirmedBy(command: string, program: string): { event: string; env: string | null } | null {
  const known = command.startsWith(`${program} run `) ? `affirm.sh${command.slice(program.length)}` : command
  const words = (RUN.exec(known) ?? CALL.exec(known))?.[1]?.trim().split(/[ \t]+/)
  const event = words === undefined ? ADDRESS.exec(known)?.[1] : eventAmong(words)
  if (event === undefined || !(isName(event) || isKey(event))) return null
  return { event, env: (words && envAmong(words)) ?? null }
}
