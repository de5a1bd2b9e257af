import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Kind, Values } from '../../src/channels/kind.ts'
import type { HttpAnswer, HttpRequest, Message, Outgoing, Sent } from '../../src/domain/message.ts'
import { type Fake, serveFake } from './fakes/serve.ts'
import { anyMessage, HOSTILE, MESSAGES, NOW } from './messages.ts'

export type Telling = { kind: Kind; settings: Values; fake: Fake }

const asHttp = (outgoing: Outgoing): HttpRequest => {
  assert.equal(outgoing.via, 'http')
  return outgoing as HttpRequest
}

/** What a kind sends for a message. */
export const requestsFor = ({ kind, settings }: Omit<Telling, 'fake'>, message: Message, now = NOW): HttpRequest[] =>
  kind.render(settings, message, now).map(asHttp)

/** The only thing that it sends, with its body read. */
export function sentFor(telling: Omit<Telling, 'fake'>, message: Message) {
  const [request, ...more] = requestsFor(telling, message)
  assert.ok(request)
  assert.deepEqual(more, [])
  return { ...request, body: JSON.parse(request.body) as unknown }
}

async function post({ method, url, headers, body }: HttpRequest, to: string): Promise<HttpAnswer> {
  const { pathname, search } = new URL(url)
  const answer = await fetch(`${to}${pathname}${search}`, { method, headers, body })
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
}

/** Messages of every kind, and the worst one, are taken by the service over a wire. */
export async function assertAllArrive({ kind, settings, fake }: Telling): Promise<void> {
  const service = await serveFake(fake)
  try {
    for (const message of [...Object.values(MESSAGES), HOSTILE]) {
      for (const request of requestsFor({ kind, settings }, message)) {
        const answer = await post(request, service.url)
        assert.equal(kind.judge(answer).kind, 'sent', `${message.kind}: ${answer.status} ${answer.body}`)
      }
    }
  } finally {
    await service.close()
  }
}

/** Whatever people wrote, the service takes it. */
export function assertTakesAnything(telling: Telling): void {
  fc.assert(
    fc.property(anyMessage, (message) => assertTakes(telling, message)),
    { numRuns: 150 },
  )
}

/** The service takes all that is sent for a message. */
export function assertTakes({ kind, settings, fake }: Telling, message: Message): void {
  for (const request of requestsFor({ kind, settings }, message)) {
    const answer = fake(request)
    assert.equal(kind.judge(answer).kind, 'sent', `${answer.status} ${answer.body}`)
  }
}

/** What each answer means: status, body, and what becomes of the delivery. */
export function assertJudged(
  kind: Kind,
  answers: readonly (readonly [number, string | object, Sent['kind'], (number | null)?])[],
): void {
  for (const [status, answered, expected, after = null] of answers) {
    const body = typeof answered === 'string' ? answered : JSON.stringify(answered)
    const sent = kind.judge({ status, headers: {}, body })
    assert.equal(sent.kind, expected, `${status} ${body}`)
    if (sent.kind === 'again') assert.equal(sent.after, after, `${status} ${body}`)
  }
}
