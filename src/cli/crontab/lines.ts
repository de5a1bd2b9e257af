/** Settings that the plan asks for. */
const ASKED = ['SHELL', 'CRON_TZ', 'TZ', 'AFFIRMATIVE_ENV', 'AFFIRMATIVE_URL'] as const
/** What the settings above a line say. */
export type Settings = Readonly<Partial<Record<(typeof ASKED)[number], string>>>

/** One job. `head + command + tail` is the whole line. */
export type Job = {
  kind: 'job'
  /** Of its line, from 1. */
  number: number
  /** The fields, the user where there is one, and the blanks after them. */
  head: string
  schedule: string
  /** As it is written: a percent sign that belongs to it still has its backslash. */
  command: string
  /** From the first bare percent sign on, what the command reads; and what ended the line beside the line feed. */
  tail: string
  settings: Settings
}
/** `said` is null for comments, settings and blank lines; else why the line is left alone. */
export type OtherLine = { kind: 'other'; number: number; text: string; said: string | null }
export type Line = Job | OtherLine

/** Five fields and a command, or a user between them, as in /etc/crontab. */
export type Form = 'user' | 'system'

const SETTING = /^[ \t]*(?:"([^"]*)"|'([^']*)'|([^ \t="'][^ \t=]*))[ \t]*=[ \t]*(.*?)[ \t]*\r?$/s
const SILENT = /^[ \t]*(#|\r?$)/
const JOB = {
  user: /^([ \t]*(@[^ \t]+|[^ \t]+(?:[ \t]+[^ \t]+){4})[ \t]+)([^ \t\r].*)$/s,
  system: /^([ \t]*(@[^ \t]+|[^ \t]+(?:[ \t]+[^ \t]+){4})[ \t]+[^ \t]+[ \t]+)([^ \t\r].*)$/s,
}
/** A backslash keeps the sign after it from ending the command. */
const COMMAND = /^((?:[^\\%]|\\.|\\$)*)(.*)$/s

/** No cron takes so much in a line. */
const LONGEST_LINE = 10_000

const unquoted = (value: string): string => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value

function jobIn(text: string, form: Form): Pick<Job, 'head' | 'schedule' | 'command' | 'tail'> | null {
  const [, head, schedule, rest] = JOB[form].exec(text) ?? []
  if (head === undefined || schedule === undefined || rest === undefined) return null
  const [, whole = '', read = ''] = COMMAND.exec(rest) ?? []
  const command = read === '' ? whole.replace(/\r$/, '') : whole
  return { head, schedule, command, tail: rest.slice(command.length) }
}

/** The settings after one more line; null where it is none. */
function settingsAfter(line: string, settings: Settings): Settings | null {
  const [, double, single, bare, value] = SETTING.exec(line) ?? []
  const name = double ?? single ?? bare
  if (name === undefined) return null
  return ASKED.some((asked) => asked === name) ? { ...settings, [name]: unquoted(value ?? '') } : settings
}

/**
 * The lines of a crontab, as crontab(5) has them; joined by line feeds they are the text again. A setting holds for the jobs below it.
 * One character is one byte ('latin1'): what is no UTF-8 comes out as it went in.
 */
export function linesOf(text: string, form: Form): Line[] {
  let settings: Settings = {}
  return text.split('\n').map((line, i): Line => {
    const number = i + 1
    const other = (said: string | null): Line => ({ kind: 'other', number, text: line, said })
    if (SILENT.test(line)) return other(null)
    if (line.length > LONGEST_LINE) return other('is longer than any cron takes')
    const after = settingsAfter(line, settings)
    if (after !== null) {
      settings = after
      return other(null)
    }
    const job = jobIn(line, form)
    return job === null ? other('is no job, setting or comment of a crontab') : { kind: 'job', number, ...job, settings }
  })
}

/** Names of users that are names of commands, too. */
const ALSO_COMMANDS = new Set(['backup', 'games', 'list', 'mail', 'man', 'news', 'proxy', 'sync'])

/** Which form a text has where nobody says it: that of a system's where its head names the column, or each job has a `user` of this machine there. */
export function formOf(text: string, users: ReadonlySet<string>): Form {
  if (/^#.*\buser(-?name)?[ \t]+command\b/im.test(text)) return 'system'
  const jobs = linesOf(text, 'user').filter((line) => line.kind === 'job')
  const hasUser = ({ command }: Job): boolean => {
    const [, user] = /^([^ \t]+)[ \t]+[^ \t\r]/.exec(command) ?? []
    return user === 'root' || (user !== undefined && users.has(user) && !ALSO_COMMANDS.has(user))
  }
  return jobs.length > 0 && jobs.every(hasUser) ? 'system' : 'user'
}
