import { BlockList, isIP } from 'node:net'
import { AUTHS, type Auth } from './domain/access.ts'
import type { Reach } from './domain/affirmation.ts'
import { formatDuration, parseDuration } from './domain/duration.ts'
import { ENV_RULE, isEnv } from './domain/event.ts'
import { DAY, type Duration, MINUTE } from './domain/time.ts'
import { checkTimeZone } from './domain/zone.ts'
import type { Retention } from './services/prune.ts'

export type Config = {
  port: number
  host: string
  auth: Auth
  databaseUrl: string
  /** Where people and jobs reach this server, for what they paste; null: as the request came in. */
  publicUrl: string | null
  env: string
  timeZone: string
  isStrict: boolean
  retention: Retention
  reach: Reach
  trustedProxies: BlockList
  logLevel: string
}

/** Everything that is wrong with the settings, at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`These settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** The environment of the process, as it is handed in. */
export type Env = Readonly<Record<string, string | undefined>>
/** Reads one setting and notes what is wrong with it. */
type Ask = <T>(name: string, fallback: T, read: (text: string) => T | undefined, right: string) => T

const asking =
  (env: Env, problems: string[]): Ask =>
  (name, fallback, read, right) => {
    const text = env[name]?.trim()
    if (text === undefined || text === '') return fallback
    const value = read(text)
    if (value !== undefined) return value
    // A database URL may hold a password, and this message goes to logs.
    problems.push(name === 'DATABASE_URL' ? `${name} – ${right}` : `${name}=${text} – ${right}`)
    return fallback
  }

const positive = (text: string): Duration | undefined => {
  const duration = parseDuration(text)
  return duration === null || duration === 0 ? undefined : duration
}

const port = (text: string): number | undefined => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined)
const oneOf =
  <T extends string>(list: readonly T[]) =>
  (text: string): T | undefined =>
    list.find((one) => one === text)
const yesOrNo = (text: string): boolean | undefined =>
  ({ on: true, true: true, '1': true, off: false, false: false, '0': false })[text.toLowerCase()]
/** Does it have the form of a database's address? */
export const isDatabaseUrl = (text: string): boolean => /^(file:.+|postgres(ql)?:\/\/.+)$/.test(text)
const databaseUrl = (text: string): string | undefined => (isDatabaseUrl(text) ? text : undefined)

function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined
  return text.replace(/\/+$/, '')
}

function blockList(text: string): BlockList | undefined {
  const list = new BlockList()
  for (const entry of text.split(',').map((one) => one.trim())) {
    const [address = '', bits] = entry.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
    if (version === 0 || prefix < 0 || prefix > most) return undefined
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

const DURATION = 'write a duration, like 30d or 12h'

/** The settings as the environment gives them. Pure; throws {@link ConfigError} with all that is wrong. */
export function readConfig(env: Env): Readonly<Config> {
  const problems: string[] = []
  const ask = asking(env, problems)
  const affirmations = ask('AFFIRMATIVE_RETENTION', 30 * DAY, positive, DURATION)
  const host = ask('HOST', '127.0.0.1', (text) => text, '')
  const config: Config = {
    port: ask('PORT', 5123, port, 'write a port number from 0 to 65535'),
    host,
    // What only this machine reaches may be open; what others reach asks who they are unless told otherwise.
    auth: ask<Auth>(
      'AFFIRMATIVE_AUTH',
      LOOPBACK.test(host) ? 'open' : 'accounts',
      oneOf(AUTHS),
      `write one of ${AUTHS.join(', ')}`,
    ),
    databaseUrl: ask(
      'DATABASE_URL',
      'file:./data/affirmative.db',
      databaseUrl,
      'write file:PATH or postgres://USER:PASSWORD@HOST/NAME',
    ),
    publicUrl: ask<string | null>('AFFIRMATIVE_URL', null, webAddress, 'write an address that starts with http:// or https://'),
    env: ask('AFFIRMATIVE_ENV', 'prod', (text) => (isEnv(text) ? text : undefined), ENV_RULE),
    timeZone: ask(
      'AFFIRMATIVE_TIME_ZONE',
      'UTC',
      (text) => (checkTimeZone(text) === null ? text : undefined),
      'write an IANA zone, like Europe/Berlin',
    ),
    isStrict: ask('AFFIRMATIVE_STRICT', false, yesOrNo, 'write on or off'),
    retention: {
      affirmations,
      verdicts: ask('AFFIRMATIVE_VERDICT_RETENTION', 400 * DAY, positive, DURATION),
    },
    reach: {
      old: ask('AFFIRMATIVE_ACCEPT_OLD', Math.min(30 * DAY, affirmations), positive, DURATION),
      ahead: ask('AFFIRMATIVE_ACCEPT_AHEAD', 5 * MINUTE, positive, DURATION),
    },
    trustedProxies: ask(
      'AFFIRMATIVE_TRUSTED_PROXIES',
      new BlockList(),
      blockList,
      'write addresses or CIDR ranges, separated by commas',
    ),
    logLevel: ask('AFFIRMATIVE_LOG_LEVEL', 'info', oneOf(LOG_LEVELS), `write one of ${LOG_LEVELS.join(', ')}`),
  }
  if (config.reach.old > config.retention.affirmations)
    problems.push(
      `AFFIRMATIVE_ACCEPT_OLD=${formatDuration(config.reach.old)} – affirmations older than they are kept (AFFIRMATIVE_RETENTION=${formatDuration(config.retention.affirmations)}) would be lost`,
    )
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

/** What clients on the same machine are told by the environment; no settings of the server. */
const OF_CLIENTS = ['AFFIRMATIVE_API_KEY', 'AFFIRMATIVE_SOURCE']

/** Names that look like settings and are none. */
export function unknownSettings(env: Env): string[] {
  const known = new Set(OF_CLIENTS)
  const noted = new Proxy<Env>(env, {
    get: (target, name: string) => {
      known.add(name)
      return target[name]
    },
  })
  readConfig(noted)
  return Object.keys(env).filter((name) => name.startsWith('AFFIRMATIVE_') && !known.has(name))
}
