import * as v from 'valibot'
import type { HttpAnswer } from '../../../src/domain/message.ts'
import type { Fake } from './serve.ts'
import { answered, pathOf, webUrl, words, wrongIn } from './strict.ts'

export const NTFY_TOKEN = 'tk_7eevizlsiwf9yi4uxsrs83r4352o0'

const MOST_BYTES = 4_096
const few = (most: number) => v.check((text: string) => Buffer.byteLength(text) <= most, 'attachments not allowed')
const payload = v.strictObject({
  topic: v.pipe(v.string(), v.regex(/^[-_A-Za-z0-9]{1,64}$/)),
  title: v.pipe(words(1_000), few(1_000)),
  message: v.pipe(words(MOST_BYTES), few(MOST_BYTES)),
  priority: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  tags: v.array(v.pipe(v.string(), v.regex(/^[\w+-]+$/))),
  click: webUrl(),
})

const refused = (code: number, error: string): HttpAnswer => {
  const http = Math.floor(code / 100)
  return answered(http, { code, http, error, link: 'https://ntfy.sh/docs/publish/' })
}
const CODES: Readonly<Record<string, number>> = { topic: 40009, priority: 40007, message: 40014 }

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Publishing as JSON, after docs/publish.md and server/errors.go of ntfy: without attachments, so that no message may be longer than one. */
export const ntfyFake: Fake = (request) => {
  const { method, headers, body } = request
  if (method !== 'POST' || pathOf(request) !== '/') return refused(40401, 'page not found')
  const authorization = headers.authorization ?? ''
  if (authorization === '') return refused(40301, 'forbidden')
  if (authorization !== `Bearer ${NTFY_TOKEN}`) return refused(40101, 'unauthorized')
  if (Buffer.byteLength(body) > MOST_BYTES * 2) return refused(41303, 'JSON body too large')
  const wrong = wrongIn(payload, parsed(body))
  if (wrong !== null) return refused(CODES[wrong.path] ?? 40017, `invalid request: ${wrong.path}: ${wrong.message}`)
  return answered(200, { id: 'hwQ2YpKdmg', time: 1, event: 'message', topic: 'ops' })
}
