import type { HttpAnswer, Sent } from '../domain/message.ts'
import { judgeByStatus } from './kind.ts'

type Answered = Readonly<Record<string, unknown>>

/** The object that an answer's body holds, {} when it holds none. */
export function objectIn({ body }: HttpAnswer): Answered {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/**
 * As {@link judgeByStatus}. But a 2xx that is not how the service answers – of a proxy, of a wrong address – says nothing of what became of the
 * message: it is tried again.
 */
export function judgeByAnswer(answer: HttpAnswer, isTheirs: (answered: Answered) => boolean): Sent {
  const sent = judgeByStatus(answer)
  if (sent.kind !== 'sent' || isTheirs(objectIn(answer))) return sent
  return { kind: 'again', said: `That is not how the service answers: ${sent.said}`, after: null }
}
