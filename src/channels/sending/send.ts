import type { HttpAnswer, HttpRequest, MailRequest, Outgoing, ProgramRequest, Sent } from '../../domain/message.ts'
import { type Duration, HOUR, type Millis } from '../../domain/time.ts'
import { type Kind, retryAfter, type Values } from '../kind.ts'
import { forPeople } from './said.ts'

/** Sends one piece of a message to a channel with these settings (whole, with their secrets), and says what became of it. */
export type Send = (kind: Kind, settings: Values, outgoing: Outgoing, now: Millis) => Promise<Sent>

/** The ways out: each says itself what became of it. `signed` adds what AWS asks for. `onError` hears, for the log, of what should not happen. */
export type Ways = {
  http: (request: HttpRequest) => Promise<HttpAnswer | Sent>
  mail: (mail: MailRequest) => Promise<Sent>
  program: (request: ProgramRequest) => Promise<Sent>
  signed: (request: HttpRequest, now: Millis) => Promise<HttpRequest>
  onError: (error: Error) => void
}

/** Nobody waits longer because a service says so: by then it may have forgotten. */
const LONGEST_WAIT: Duration = HOUR

/** Whatever goes wrong is told as what became of it; nothing is thrown. Secrets of the settings that came back are not said. */
export function aSender(ways: Ways): Send {
  return async (kind, settings, outgoing, now) => {
    const fit = (text: string) => forPeople(text, settings, kind.fields)
    try {
      const sent = await send(ways, kind, outgoing, now)
      return { ...sent, said: fit(sent.said) }
    } catch (error) {
      ways.onError(forTheLog(error, fit))
      return { kind: 'again', said: 'something went wrong in this server; its log says more', after: null }
    }
  }
}

/** Messages of errors repeat what they are about: JSON that does not parse, a header that is none. */
function forTheLog(error: unknown, fit: (text: string) => string): Error {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  return Object.assign(new Error(fit(message)), { name, stack: fit(stack) })
}

function send(ways: Ways, kind: Kind, outgoing: Outgoing, now: Millis): Promise<Sent> {
  switch (outgoing.via) {
    case 'http':
      return ask(ways, kind, outgoing, now)
    case 'mail':
      return ways.mail(outgoing)
    case 'program':
      return ways.program(outgoing)
  }
}

async function ask(ways: Ways, kind: Kind, request: HttpRequest, now: Millis): Promise<Sent> {
  const answer = await ways.http(request.sign === undefined ? request : await ways.signed(request, now))
  if ('kind' in answer) return answer
  const sent = kind.judge(answer)
  if (sent.kind !== 'again') return sent
  const waits = [sent.after, retryAfter(answer, now)].filter((wait) => wait !== null)
  return { ...sent, after: waits.length === 0 ? null : Math.min(LONGEST_WAIT, Math.max(...waits)) }
}
