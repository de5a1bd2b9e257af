import { BlockList } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import type { AwsKeys } from './channels/sending/aws.ts'
import { readSmtpUrl, type SmtpServer } from './channels/sending/smtp-url.ts'
import { readDampers } from './config.dampers.ts'
import type { Ask, Env } from './config.ts'
import { blockList } from './config.values.ts'
import type { DamperLimits } from './domain/damper.ts'
import { isSecretVariable } from './domain/secret.ts'
import type { SecretSources } from './services/secret-sources.ts'
import { type KeySource, readKey } from './services/server-key.ts'

/** What the operator says of how people are told. */
export type ChannelConfig = {
  /** Private ranges that messages may be sent to. */
  allowedAddresses: BlockList
  /** Programs that channels may run, as absolute paths. */
  commands: ReadonlySet<string>
  /** What secrets of channels are sealed with. */
  key: KeySource
  /** What channels may refer to instead of holding it. */
  secrets: SecretSources
  /** With the password, where it has one. */
  smtp: SmtpServer | null
  mailFrom: string | null
  /** By which it is known to AWS where a channel says nothing of that; as AWS's own programs are told. */
  aws: AwsKeys | null
  /** Somebody who notices when this server is silent. */
  pingUrl: string | null
  /** What it is shown as `Authorization: Bearer`: another affirmative asks its API key. */
  pingKey: string | null
  dampers: DamperLimits
}

const LONGEST_ADDRESS = 320
const MAILBOX = /^([^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/

/** Slashes at the end are kept: they may be part of it. */
const onTheWeb = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '' ? text : undefined

/** What may stand in a header. */
const token = (text: string): string | undefined => (/^[\x21-\x7e]{1,500}$/.test(text) ? text : undefined)

const absolute = (text: string): string | undefined => (isAbsolute(text) ? resolve(text) : undefined)

function programs(text: string): ReadonlySet<string> | undefined {
  const all = text.split(',').map((one) => absolute(one.trim()))
  return all.includes(undefined) ? undefined : new Set(all.filter((one) => one !== undefined))
}

const mailbox = (text: string): string | undefined => (text.length <= LONGEST_ADDRESS && MAILBOX.test(text) ? text : undefined)

/** Beside the database: whoever moves the file, or backs it up, finds both. */
const besideIt = (databaseUrl: string): KeySource =>
  databaseUrl.startsWith('file:') ? { kind: 'file', path: `${resolve(databaseUrl.slice('file:'.length))}.key` } : { kind: 'none' }

function given(text: string): KeySource | undefined {
  const key = readKey(text)
  return key === undefined ? undefined : { kind: 'given', key }
}

const secretsIn = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.keys(env)
      .filter(isSecretVariable)
      .flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  )

function smtpServer(text: string): SmtpServer | undefined {
  try {
    return readSmtpUrl(text)
  } catch {
    return undefined
  }
}

const awsIn = ({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token }: Env): AwsKeys | null =>
  id === undefined || secret === undefined || id === '' || secret === ''
    ? null
    : { accessKeyId: id, secretAccessKey: secret, ...(token === undefined || token === '' ? {} : { sessionToken: token }) }

export function readChannels(ask: Ask, env: Env, databaseUrl: string): ChannelConfig {
  const ranges = 'write addresses or CIDR ranges, separated by commas'
  const mail = 'write smtp://HOST:PORT or smtps://USER:PASSWORD@HOST'
  return {
    allowedAddresses: ask('AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES', new BlockList(), blockList, ranges),
    commands: ask('AFFIRMATIVE_COMMANDS', new Set(), programs, 'write absolute paths of programs, separated by commas'),
    key: ask('AFFIRMATIVE_SECRET_KEY', besideIt(databaseUrl), given, 'write 32 bytes in base64 or as 64 hexadecimal digits'),
    secrets: {
      variables: secretsIn(env),
      folder: ask<string | null>('AFFIRMATIVE_SECRETS_DIR', null, absolute, 'write the absolute path of a folder'),
    },
    smtp: ask<SmtpServer | null>('AFFIRMATIVE_SMTP_URL', null, smtpServer, mail),
    mailFrom: ask<string | null>(
      'AFFIRMATIVE_MAIL_FROM',
      null,
      mailbox,
      'write a mail address, like Affirmative <affirmative@example.org>',
    ),
    aws: awsIn(env),
    pingUrl: ask<string | null>('AFFIRMATIVE_PING_URL', null, onTheWeb, 'write an address that starts with https://'),
    pingKey: ask<string | null>('AFFIRMATIVE_PING_KEY', null, token, 'write a key without spaces, like ak_…'),
    dampers: readDampers(ask),
  }
}
