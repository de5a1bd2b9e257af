import { createHmac, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import type { HttpRequest } from '../../../src/domain/message.ts'
import { MESSAGE_KINDS } from '../../../src/domain/message.ts'
import type { Fake } from './serve.ts'
import { answered, jsonIn, webUrl, wrongIn } from './strict.ts'

const BYTES = Buffer.from('twenty-four bytes or more of chance')
export const WEBHOOK_SECRET = `whsec_${BYTES.toString('base64')}`

const text = v.pipe(
  v.string(),
  v.check((letters) => !/\p{Surrogate}|(?![\n\t])\p{Cc}/u.test(letters), 'hidden characters'),
)
const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer())

/** The default body as the README shows it. */
const told = v.strictObject({
  id: v.pipe(text, v.nonEmpty()),
  type: v.picklist(MESSAGE_KINDS),
  time: instant,
  thread: text,
  alert: v.picklist(['opens', 'stays', 'acknowledges', 'closes', 'none']),
  severity: v.picklist(['warning', 'critical']),
  title: text,
  lines: v.array(text),
  url: webUrl(),
  expectation: v.nullable(
    v.strictObject({ id: count, event: text, key: text, env: text, sentence: text, description: text, tags: v.array(text) }),
  ),
  incident: v.nullable(
    v.strictObject({
      id: count,
      openedAt: instant,
      closedAt: v.nullable(instant),
      acknowledgedBy: v.nullable(text),
      note: v.nullable(text),
    }),
  ),
  verdict: v.nullable(
    v.strictObject({
      due: instant,
      verdict: v.picklist(['met', 'missed', 'unknown']),
      reason: text,
      observed: count,
      atLeast: count,
      atMost: v.nullable(count),
      windowFrom: instant,
      windowTo: instant,
    }),
  ),
  items: v.array(v.strictObject({ event: text, env: text, text, url: webUrl() })),
  more: count,
})

const PATIENCE = 300

/** As a receiver checks by Standard Webhooks: id, timestamp within five minutes of `now`, signature of the bytes that came. */
export function isSigned({ headers, body }: HttpRequest, now: number): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '', 'webhook-signature': signatures = '' } = headers
  if (id === '' || !/^\d+$/.test(seconds) || Math.abs(now / 1_000 - Number(seconds)) > PATIENCE) return false
  const expected = createHmac('sha256', BYTES).update(`${id}.${seconds}.${body}`).digest()
  return signatures.split(' ').some((signature) => {
    const [version, base64 = ''] = signature.split(',')
    const given = Buffer.from(base64, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

/** A receiver that takes the default body, signed, once. */
export function aWebhookFake(now: number): Fake {
  const taken = new Set<string>()
  return (request) => {
    if (!isSigned(request, now)) return answered(401, 'signature')
    const document = jsonIn(request)
    const wrong = wrongIn(told, document)
    if (wrong !== null) return answered(400, `${wrong.path}: ${wrong.message}`)
    const id = request.headers['webhook-id'] ?? ''
    if (id !== v.parse(told, document).id) return answered(400, 'webhook-id')
    const said = taken.has(id) ? 'again' : 'new'
    taken.add(id)
    return answered(200, said)
  }
}
