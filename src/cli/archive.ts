import { createHash } from 'node:crypto'
import { isSelfEvent } from '../domain/self.ts'

/** The first line of an export. */
export const HEADER = { kind: 'export', format: 'affirmative', version: 1 } as const

/** The kinds of lines, in their order: each needs those before it. */
export const KINDS = ['event', 'channel', 'expectation', 'maintenance', 'affirmation'] as const
export type Kind = (typeof KINDS)[number]

/** What can be declared of each kind; the rest of what the server answers is its own to make. */
const FIELDS: Readonly<Record<Exclude<Kind, 'affirmation'>, readonly string[]>> = {
  event: ['name', 'key', 'description', 'tags'],
  channel: ['name', 'kind', 'settings', 'when', 'match', 'default', 'remindEvery', 'enabled'],
  expectation: [
    ...['event', 'env', 'schedule', 'timeZone', 'atLeast', 'atMost', 'count', 'lookback', 'grace', 'where', 'ignoreFailures'],
    ...['paused', 'tags', 'alertAfter', 'recoverAfter', 'severity', 'channels'],
  ],
  maintenance: ['name', 'from', 'to', 'schedule', 'timeZone', 'lasts', 'match'],
}

export type Declared = Readonly<Record<string, unknown>>
type Declaring = Exclude<Kind, 'affirmation'>

/** What was declared, of what the server answered. */
export const declaredOf = (kind: Declaring, answer: Declared): Declared =>
  Object.fromEntries(FIELDS[kind].filter((field) => field in answer).map((field) => [field, answer[field]]))

/** Within a member of its own: a channel has a `kind`, too. */
export const lineOf = (kind: Declaring, answer: Declared): string => JSON.stringify({ kind, [kind]: declaredOf(kind, answer) })

/** What every server says and declares of itself: the other one has its own. */
export const isOurs = (kind: Declaring, answer: Declared): boolean =>
  (kind === 'event' && isSelfEvent(String(answer.name))) || (kind === 'expectation' && isSelfEvent(String(answer.event)))

const BEGIN = '{"kind":"affirmation","affirmation":'

/**
 * Affirmations of one event, oldest first, as lines that each have an id: without one a second import would count them twice. One that has
 * none gets it from what it says, and from its place among those that say the same.
 */
export function anIdentifying(): (line: string) => { id: string; line: string } {
  let at: unknown
  let seen = new Map<string, number>()
  return (line) => {
    const affirmation = JSON.parse(line) as { id?: string; at: string }
    if (affirmation.id !== undefined) return { id: affirmation.id, line }
    if (affirmation.at !== at) [at, seen] = [affirmation.at, new Map()]
    const place = seen.get(line) ?? 0
    seen.set(line, place + 1)
    const id = `export-${createHash('sha256').update(`${place} ${line}`).digest('hex').slice(0, 32)}`
    // Where the server has it: read into another one, it is the same line again. Quotes inside of texts are escaped.
    return { id, line: line.replace(',"value":', `,"id":"${id}","value":`) }
  }
}

/** The value goes as the text that it came in: numbers keep all their digits. */
export const affirmationLine = (line: string): string => `${BEGIN}${line}}`

/** The affirmation in such a line, as it is sent; null for a line of another kind. */
export const affirmationIn = (line: string): string | null => (line.startsWith(BEGIN) ? line.slice(BEGIN.length, -1) : null)
