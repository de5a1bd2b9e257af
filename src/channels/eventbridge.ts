import type { HttpAnswer, HttpRequest, Message, Sent } from '../domain/message.ts'
import { judgeByAnswer, objectIn } from './answers.ts'
import { baseUrlField, mustBe } from './checks.ts'
import { messageAsJson } from './document.ts'
import { type Kind, saidIn } from './kind.ts'
import { cut } from './text.ts'

export type EventBridgeSettings = {
  region: string
  accessKeyId?: string
  secretAccessKey?: string
  eventBusName?: string
  source?: string
  endpoint?: string
}

/** Bytes of an entry, with some room for its other fields. */
const MOST_BYTES = 250_000
const LONGEST_TEXT = 1_000
const MOST_IN_LIST = 100

const bytesOf = (detail: string): number => Buffer.byteLength(JSON.stringify(detail))

/** What a webhook gets, with fewer items and then shorter texts where all of it is too much. */
function detailOf(message: Message, listed: number, longest: number): string {
  const { items, more } = message
  const whole: unknown = JSON.parse(
    messageAsJson({ ...message, items: items.slice(0, listed), more: more + items.length - listed }),
  )
  const detail = JSON.stringify(whole, (_, value: unknown) => {
    if (Array.isArray(value)) return value.slice(0, MOST_IN_LIST)
    return typeof value === 'string' ? cut(value, longest) : value
  })
  if (bytesOf(detail) <= MOST_BYTES) return detail
  return listed > 0 ? detailOf(message, Math.floor(listed / 2), longest) : detailOf(message, 0, Math.floor(longest / 2))
}

const hostOf = (region: string): string => `https://events.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`

function requestOf(settings: EventBridgeSettings, message: Message): HttpRequest {
  const { region, accessKeyId = '', secretAccessKey = '', eventBusName, source = 'affirmative', endpoint } = settings
  const entry = {
    Source: source,
    DetailType: message.kind,
    Detail: detailOf(message, Math.min(message.items.length, MOST_IN_LIST), LONGEST_TEXT),
    Time: message.at / 1_000,
    ...(eventBusName === undefined ? {} : { EventBusName: eventBusName }),
  }
  return {
    via: 'http',
    method: 'POST',
    url: `${(endpoint ?? hostOf(region)).replace(/\/+$/, '')}/`,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
    body: JSON.stringify({ Entries: [entry] }),
    sign: { service: 'events', region, accessKeyId, secretAccessKey },
  }
}

/** What passes by itself, of an entry (PutEventsResultEntry) or of a request; the names may have a namespace before them. */
const PASSING =
  /(?:^|#)(?:ThrottlingException|Throttling|InternalFailure|InternalException|ServiceUnavailable|RequestLimitExceeded)$/

/** The code of the only entry: null when it was taken, or when that cannot be seen. */
function codeOf(answered: Readonly<Record<string, unknown>>): string | null {
  const { Entries: entries, __type: type } = answered
  const first: unknown = Array.isArray(entries) ? entries[0] : undefined
  if (typeof first === 'object' && first !== null && 'ErrorCode' in first) return String(first.ErrorCode)
  return typeof type === 'string' ? type : null
}

/** Also at 200 an entry can have failed. */
function judge(answer: HttpAnswer): Sent {
  const answered = objectIn(answer)
  const code = codeOf(answered)
  if (code === null || answer.status >= 500) return judgeByAnswer(answer, ({ FailedEntryCount }) => FailedEntryCount === 0)
  return PASSING.test(code) ? { kind: 'again', said: saidIn(answer), after: null } : { kind: 'never', said: saidIn(answer) }
}

const optional = { isRequired: false, type: 'text' } as const

/** AWS EventBridge: one event on a bus. Without keys of its own it is signed with those in the server's environment. */
export const eventbridge: Kind<EventBridgeSettings> = {
  label: 'AWS EventBridge',
  fields: [
    {
      name: 'region',
      label: 'Region',
      hint: 'Like eu-central-1',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 30,
      check: mustBe(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'a region like eu-central-1'),
    },
    {
      ...optional,
      name: 'accessKeyId',
      label: 'Access key ID',
      hint: 'Left out: AWS_ACCESS_KEY_ID of the server’s environment',
      isSecret: false,
      longest: 128,
      check: mustBe(/^\w{16,128}$/, 'the letters and digits of an access key ID'),
    },
    {
      ...optional,
      name: 'secretAccessKey',
      label: 'Secret access key',
      hint: 'Left out: AWS_SECRET_ACCESS_KEY of the server’s environment',
      isSecret: true,
      longest: 128,
      check: mustBe(/^[!-~]+$/, 'one word of ASCII'),
    },
    {
      ...optional,
      name: 'eventBusName',
      label: 'Event bus',
      hint: 'A name or an ARN; left out: the default bus',
      isSecret: false,
      longest: 1_600,
      check: mustBe(/^(?:arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus\/)?[\w./-]+$/, 'the name of a bus or its ARN'),
    },
    {
      ...optional,
      name: 'source',
      label: 'Source',
      hint: 'What rules find it by; left out: affirmative',
      isSecret: false,
      longest: 256,
      check: mustBe(/^(?!aws\.)[\w./-]+$/, 'a name like org.example.jobs that does not begin with aws.'),
    },
    { ...baseUrlField('https://events.REGION.amazonaws.com'), name: 'endpoint', label: 'Endpoint' },
  ],
  render: (settings, message) => [requestOf(settings, message)],
  judge,
}
