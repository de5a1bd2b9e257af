import type { Message, MessageIncident, MessageSubject, MessageVerdict } from '../domain/message.ts'
import { iso, type Millis } from '../domain/time.ts'
import { plain } from './text.ts'

const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))

const expectationOf = ({ expectation, event, key, env, sentence, description, tags }: MessageSubject) => ({
  id: expectation,
  event,
  key,
  env,
  sentence,
  description,
  tags,
})

const incidentOf = ({ openedAt, closedAt, ...incident }: MessageIncident) => ({
  ...incident,
  openedAt: iso(openedAt),
  closedAt: isoOrNull(closedAt),
})

const verdictOf = ({ due, window, ...verdict }: MessageVerdict) => ({
  ...verdict,
  due: iso(due),
  windowFrom: iso(window.from),
  windowTo: iso(window.to),
})

const documentOf = (message: Message) => ({
  id: message.id,
  type: message.kind,
  time: iso(message.at),
  thread: message.thread,
  alert: message.alert,
  severity: message.severity,
  title: message.title,
  lines: message.lines,
  url: message.url,
  expectation: message.subject && expectationOf(message.subject),
  incident: message.incident && incidentOf(message.incident),
  verdict: message.verdict && verdictOf(message.verdict),
  items: message.items,
  more: message.more,
})

/**
 * A message for programs, as the README shows it: names as in our API, instants as ISO-8601 in UTC. Without control characters and halves of surrogate
 * pairs, which not every reader of JSON takes.
 */
export const messageAsJson = (message: Message): string =>
  JSON.stringify(documentOf(message), (_, value: unknown) => (typeof value === 'string' ? plain(value) : value))
