import type { Severity } from './channel.ts'
import type { Duration, Millis, Window } from './time.ts'
import type { Outcome } from './verdict.ts'

/**
 * What one delivery tells. `settled`: what it came to after the flapping; `flood…`: one message that stands for many misses; `blind`: what could not be
 * judged because nobody was listening, `blind-settled`: what late news said of it; `test`: the button.
 */
export const MESSAGE_KINDS = [
  'missed',
  'recovered',
  'reminder',
  'acknowledged',
  'met',
  'flapping',
  'settled',
  'flood',
  'flood-over',
  'flood-recovered',
  'blind',
  'blind-settled',
  'test',
] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/** What a service that keeps alerts of its own does with the alert of this thread; `none`: there is no alert to this message. */
export type AlertStep = 'opens' | 'stays' | 'acknowledges' | 'closes' | 'none'

/** The expectation that it is about. */
export type MessageSubject = {
  expectation: number
  event: string
  key: string
  env: string
  /** The expectation's sentence. */
  sentence: string
  /** What the event says of itself: often what to do. */
  description: string
  tags: readonly string[]
  severity: Severity
}

export type MessageIncident = {
  id: number
  openedAt: Millis
  closedAt: Millis | null
  acknowledgedBy: string | null
  note: string | null
}

export type MessageVerdict = {
  due: Millis
  verdict: Outcome
  /** In words: "only 0 of 1". */
  reason: string
  observed: number
  atLeast: number
  atMost: number | null
  window: Window
}

/** One of many in a message that stands for them. */
export type MessageItem = { event: string; env: string; text: string; url: string }

/** One message as a channel gets it: whole, so that nothing has to be asked to send it. Texts are plain and may hold anything that people can write. */
export type Message = {
  /** Of the delivery: the same at every try. */
  id: string
  kind: MessageKind
  /** When what it tells happened. */
  at: Millis
  /** The same for all that is told of one story, so that services put it together; ASCII, at most 100 characters. */
  thread: string
  alert: AlertStep
  severity: Severity
  /** One line of at most 200 characters: "missed: nightly_report (prod)". */
  title: string
  /** What happened, since when, and what to do; each a line. */
  lines: readonly string[]
  /** The page here that shows it; absolute. */
  url: string
  subject: MessageSubject | null
  incident: MessageIncident | null
  verdict: MessageVerdict | null
  /** At most 100 of them; `more` are not listed. */
  items: readonly MessageItem[]
  more: number
}

/** Something to be sent over HTTP. `sign`: by AWS's signature of version 4, with what is known here. */
export type HttpRequest = {
  via: 'http'
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  sign?: { service: string; region: string; accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}
/** A mail. Whoever gets several of one `thread` sees them together. */
export type MailRequest = {
  via: 'mail'
  from: string | null
  to: readonly string[]
  subject: string
  text: string
  thread: string
  id: string
}
/** A program on this machine: never through a shell. `input` is what it reads. */
export type ProgramRequest = {
  via: 'program'
  program: string
  args: readonly string[]
  input: string
  env: Readonly<Record<string, string>>
}
export type Outgoing = HttpRequest | MailRequest | ProgramRequest

/** What came back: at most the first 64 KiB of the body. */
export type HttpAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string }

/** What became of one try: it is there; it may work later (not before `after` milliseconds); it never will. `said`: what was answered, for people. */
export type Sent =
  | { kind: 'sent'; said: string }
  | { kind: 'again'; said: string; after: Duration | null }
  | { kind: 'never'; said: string }
