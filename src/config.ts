import { BlockList } from 'node:net'
import { type ChannelConfig, readChannels } from './config.channels.ts'
import { type OidcConfig, type ProxyConfig, readOidc, readProxy } from './config.sign-in.ts'
import { blockList, names, oneOf, origins, port, positive, webAddress, wholeNumber, yesOrNo } from './config.values.ts'
import { AUTHS, type Auth } from './domain/access.ts'
import type { Reach } from './domain/affirmation.ts'
import { formatDuration } from './domain/duration.ts'
import { ENV_RULE, isEnv } from './domain/event.ts'
import { DAY, MINUTE } from './domain/time.ts'
import { checkTimeZone } from './domain/zone.ts'
import type { Retention } from './services/prune.ts'

export type Config = {
  port: number
  host: string
  auth: Auth
  databaseUrl: string
  /** Where people and jobs reach this server, for what they paste; null: as the request came in. */
  publicUrl: string | null
  /** The names it is reached by, beside localhost and addresses; null: any. */
  hostNames: ReadonlySet<string> | null
  /** Origins of other sites whose pages may affirm; `*` stands for all. */
  allowedOrigins: ReadonlySet<string>
  env: string
  timeZone: string
  isStrict: boolean
  retention: Retention
  reach: Reach
  trustedProxies: BlockList
  /** Requests that affirm which one address may send a second; 0: any number. */
  affirmLimit: number
  oidc: OidcConfig | null
  proxy: ProxyConfig | null
  /** May people sign in by a password? */
  hasPasswords: boolean
  channels: ChannelConfig
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
export type Ask = <T>(name: string, fallback: T, read: (text: string) => T | undefined, right: string) => T

/** Addresses may hold passwords. */
const HOLD_SECRETS = new Set([
  'DATABASE_URL',
  'AFFIRMATIVE_SECRET_KEY',
  'AFFIRMATIVE_SMTP_URL',
  'AFFIRMATIVE_PING_URL',
  'AFFIRMATIVE_PING_KEY',
])

const asking =
  (env: Env, problems: string[]): Ask =>
  (name, fallback, read, right) => {
    const text = env[name]?.trim()
    if (text === undefined || text === '') return fallback
    const value = read(text)
    if (value !== undefined) return value
    // This message goes to logs.
    problems.push(HOLD_SECRETS.has(name) ? `${name} – ${right}` : `${name}=${text} – ${right}`)
    return fallback
  }

/** Does it have the form of a database's address? */
export const isDatabaseUrl = (text: string): boolean => /^(file:.+|postgres(ql)?:\/\/.+)$/.test(text)
const databaseUrl = (text: string): string | undefined => (isDatabaseUrl(text) ? text : undefined)

/** Where none is said: on this machine alone a foreign name is a trick; elsewhere nobody knows which are ours. */
function hostNames(said: ReadonlySet<string>, publicUrl: string | null, host: string): ReadonlySet<string> | null {
  const all = new Set([...said, ...(publicUrl === null ? [] : [new URL(publicUrl).hostname])])
  return all.size > 0 || LOOPBACK.test(host) ? all : null
}

const DURATION = 'write a duration, like 30d or 12h'

/** The settings as the environment gives them. Pure; throws {@link ConfigError} with all that is wrong. */
export function readConfig(env: Env): Readonly<Config> {
  const problems: string[] = []
  const ask = asking(env, problems)
  const affirmations = ask('AFFIRMATIVE_RETENTION', 30 * DAY, positive, DURATION)
  const host = ask('HOST', '127.0.0.1', (text) => text, '')
  const publicUrl = ask<string | null>(
    'AFFIRMATIVE_URL',
    null,
    webAddress,
    'write an address that starts with http:// or https://',
  )
  const saidHosts = ask<ReadonlySet<string>>(
    'AFFIRMATIVE_HOSTS',
    new Set(),
    names,
    'write names without scheme and port, separated by commas',
  )
  // What only this machine reaches may be open; what others reach asks who they are unless told otherwise.
  const auth = ask<Auth>(
    'AFFIRMATIVE_AUTH',
    LOOPBACK.test(host) ? 'open' : 'accounts',
    oneOf(AUTHS),
    `write one of ${AUTHS.join(', ')}`,
  )
  const trustedProxies = ask(
    'AFFIRMATIVE_TRUSTED_PROXIES',
    new BlockList(),
    blockList,
    'write addresses or CIDR ranges, separated by commas',
  )
  const known = { ask, problems, auth, publicUrl }
  const databaseAt = ask(
    'DATABASE_URL',
    'file:./data/affirmative.db',
    databaseUrl,
    'write file:PATH or postgres://USER:PASSWORD@HOST/NAME',
  )
  const config: Config = {
    port: ask('PORT', 5123, port, 'write a port number from 0 to 65535'),
    host,
    auth,
    databaseUrl: databaseAt,
    publicUrl,
    hostNames: hostNames(saidHosts, publicUrl, host),
    allowedOrigins: ask<ReadonlySet<string>>(
      'AFFIRMATIVE_ALLOWED_ORIGINS',
      new Set(),
      origins,
      'write origins like https://shop.example.org, without a path, separated by commas, or *',
    ),
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
      deliveries: ask('AFFIRMATIVE_DELIVERY_RETENTION', 90 * DAY, positive, DURATION),
    },
    reach: {
      old: ask('AFFIRMATIVE_ACCEPT_OLD', Math.min(30 * DAY, affirmations), positive, DURATION),
      ahead: ask('AFFIRMATIVE_ACCEPT_AHEAD', 5 * MINUTE, positive, DURATION),
    },
    trustedProxies,
    oidc: readOidc(known),
    proxy: readProxy(known, trustedProxies),
    channels: readChannels(ask, env, databaseAt),
    hasPasswords: ask('AFFIRMATIVE_PASSWORDS', true, yesOrNo, 'write on or off'),
    affirmLimit: ask('AFFIRMATIVE_AFFIRM_LIMIT', 1_000, wholeNumber, 'write a whole number a second, or 0 for none'),
    logLevel: ask('AFFIRMATIVE_LOG_LEVEL', 'info', oneOf(LOG_LEVELS), `write one of ${LOG_LEVELS.join(', ')}`),
  }
  if (!config.hasPasswords && config.oidc === null)
    problems.push('AFFIRMATIVE_PASSWORDS=off – nobody could sign in: configure AFFIRMATIVE_OIDC_ISSUER and what belongs to it')
  if (config.reach.old > config.retention.affirmations)
    problems.push(
      `AFFIRMATIVE_ACCEPT_OLD=${formatDuration(config.reach.old)} – affirmations older than they are kept (AFFIRMATIVE_RETENTION=${formatDuration(config.retention.affirmations)}) would be lost`,
    )
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

const ANY_NAME =
  'whoever reaches this server may do everything, and so may a foreign page in their browser: set AFFIRMATIVE_HOSTS to the names that it is reached by'
const OPEN_BEHIND_PROXY =
  'whoever comes through the proxy may do everything: unless it asks who they are, set AFFIRMATIVE_AUTH=accounts'

/** What may be meant so and is better looked at twice. */
export function warningsOf({ auth, hostNames, trustedProxies }: Config): string[] {
  if (auth !== 'open') return []
  return [...(hostNames === null ? [ANY_NAME] : []), ...(trustedProxies.rules.length > 0 ? [OPEN_BEHIND_PROXY] : [])]
}

/** What clients on the same machine are told by the environment; no settings of the server. */
const OF_CLIENTS = ['AFFIRMATIVE_API_KEY', 'AFFIRMATIVE_SOURCE', 'AFFIRMATIVE_SPOOL', 'AFFIRMATIVE_TIMEOUT']

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
