import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Kind, Values } from '../../src/channels/kind.ts'
import type { HttpAnswer, HttpRequest, Message } from '../../src/domain/message.ts'
import type { Fake } from './fakes/serve.ts'
import { anyMessage, HOSTILE, MESSAGES, NOW } from './messages.ts'

/** What a kind would send over HTTP. */
export function requestsOf<V extends Values>(kind: Kind<V>, settings: V, message: Message, now = NOW): HttpRequest[] {
  return kind.render(settings, message, now).map((outgoing) => {
    if (outgoing.via !== 'http') throw new Error(`${kind.label} sends by ${outgoing.via}`)
    return outgoing
  })
}

/** All that a kind sends for a message is taken by the service, and its judge says so. */
export function assertTaken<V extends Values>(kind: Kind<V>, settings: V, fake: Fake, message: Message): void {
  for (const request of requestsOf(kind, settings, message)) {
    const answer = fake(request)
    assert.equal(kind.judge(answer).kind, 'sent', `${message.kind}: ${answer.body}\n${request.body.slice(0, 2_000)}`)
  }
}

/** Every kind of message, the worst one, and any texts. */
export function assertAllTaken<V extends Values>(kind: Kind<V>, settings: V, fake: Fake): void {
  for (const message of [...Object.values(MESSAGES), HOSTILE]) assertTaken(kind, settings, fake, message)
  fc.assert(
    fc.property(anyMessage, (message) => assertTaken(kind, settings, fake, message)),
    { numRuns: 100 },
  )
}

export const anAnswer = (status: number, body: unknown = '', headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** How answers are judged: `[status, body, what it means]`. */
export function assertJudged(kind: Kind, cases: readonly (readonly [number, unknown, 'sent' | 'again' | 'never'])[]): void {
  for (const [status, body, meaning] of cases) {
    assert.equal(kind.judge(anAnswer(status, body)).kind, meaning, `${status} ${JSON.stringify(body)}`)
  }
}

/** What no service documents, and any proxy in front of one may answer. */
export const ODD_ANSWERS = [
  [200, '', 'again'],
  [200, '<html>Sign in to the network</html>', 'again'],
  [202, '{"status":', 'again'],
  [201, 'null', 'again'],
  [302, '', 'never'],
  [408, '', 'again'],
  [404, 'no such page', 'never'],
  [429, '', 'again'],
  [500, '', 'again'],
  [502, '<html>Bad gateway</html>', 'again'],
  [503, '', 'again'],
] as const
