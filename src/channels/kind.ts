import type { HttpAnswer, Message, Outgoing, Sent } from '../domain/message.ts'
import type { Millis } from '../domain/time.ts'

/**
 * One thing that a channel of a kind has to be told. `list`: several texts; `pairs`: names with values, like headers; `lines`: a long text.
 * What `isSecret` is never shown again, nor logged or exported.
 */
export type Field = {
  name: string
  label: string
  hint: string
  type: 'text' | 'url' | 'list' | 'pairs' | 'lines'
  isRequired: boolean
  isSecret: boolean
  /** Characters of a text, or of each in a list or of each value. */
  longest: number
  /** What is wrong with one text, in words that follow the field's name; null when nothing is. */
  check?(text: string): string | null
  /** The same for the name of a pair. */
  checkName?(name: string): string | null
}

/** The values of the fields, checked and with their secrets, as a renderer gets them. A field that was left out is not there. */
export type Values = Readonly<Record<string, unknown>>

/**
 * One service. `render` is pure: what is to be sent for a message, in order; each piece is tried until it is there before the next one, and none is
 * sent again by a later try. An empty list: the service has no use for such a message. `judge` says what an answer means; of a program the answer
 * is its exit status and what it printed.
 */
export type Kind<V extends Values = Values> = {
  label: string
  fields: readonly Field[]
  render(settings: V, message: Message, now: Millis): Outgoing[]
  judge(answer: HttpAnswer): Sent
}

const MOST_SAID = 500

/** The beginning of an answer, on one line: for people. */
export const saidIn = ({ status, body }: HttpAnswer): string =>
  `${status} ${body
    .slice(0, MOST_SAID * 4)
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, MOST_SAID)}`.trim()

/** `Retry-After` in seconds or as a date, as milliseconds from now; null without a usable one. */
export function retryAfter({ headers }: HttpAnswer, now: Millis): number | null {
  const text = headers['retry-after']?.trim() ?? ''
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/** What most services mean: 2xx is there; 408, 425, 429 and 5xx may work later; anything else never will. */
export function judgeByStatus(answer: HttpAnswer): Sent {
  const said = saidIn(answer)
  if (answer.status >= 200 && answer.status < 300) return { kind: 'sent', said }
  const isPassing = [408, 425, 429].includes(answer.status) || answer.status >= 500
  return isPassing ? { kind: 'again', said, after: null } : { kind: 'never', said }
}
