import type { Message, MessageItem } from '../domain/message.ts'

/** What a text costs of the room that a service gives: as it is written there, and as it is counted there. Never less than its length. */
export type Cost = (text: string) => number

/** Services that count letters count at most these: a pair of surrogates is two. */
export const units: Cost = (text) => text.length
export const bytes: Cost = (text) => Buffer.byteLength(text)

/** What the link to the page here is called. */
export const LINK_TEXT = 'Open in affirmative'

/**
 * A text of people without what is not to be seen: control characters, marks that turn the reading direction, halves of surrogate pairs. Lines end in
 * a line feed.
 */
export const plain = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/(?![\n\t])\p{Cc}|\p{Bidi_Control}|\uFEFF/gu, '')

/** The same on one line. */
export const oneLine = (text: string): string => plain(text).replace(/\s+/gu, ' ').trim()

/** The beginning of a text that costs at most `most`; what was cut ends in "…". Nothing where not even that has room. */
export function cut(text: string, most: number, cost: Cost = units): string {
  if (cost(text) <= most) return text
  // A letter that is halved here is the last one, which has no room beside the "…".
  const letters = [...text.slice(0, Math.max(0, most))]
  const beginning = (count: number): string => `${letters.slice(0, count).join('')}…`
  let fits = 0
  let fitsNot = letters.length + 1
  while (fitsNot - fits > 1) {
    const half = Math.floor((fits + fitsNot) / 2)
    if (cost(beginning(half)) <= most) fits = half
    else fitsNot = half
  }
  return fits === 0 ? '' : beginning(fits)
}

/** The title on one line; never empty, since services refuse that. */
export const titleOf = ({ title, kind }: Message, most: number, cost: Cost = units): string =>
  cut(oneLine(title) || kind, most, cost)

const LONGEST_ITEM = 300
const itemInWords = ({ event, env, text }: MessageItem): string => cut(oneLine(`• ${event} (${env}): ${text}`), LONGEST_ITEM)
const moreInWords = (count: number): string => `… and ${count} more`

/** Each line costs its end, too. */
const withEnd: Cost = (line) => line.length + 1

const linesOf = ({ lines }: Message): string[] =>
  lines.flatMap((line) => plain(line).split('\n')).filter((line) => line.trim() !== '')

function fitted(lines: readonly string[], most: number, cost: Cost): string[] {
  const kept: string[] = []
  let room = most
  for (const line of lines) {
    const fitting = cut(line, room, cost)
    if (fitting === '') break
    kept.push(fitting)
    room -= cost(fitting)
  }
  return kept
}

/**
 * What a message says under its title, in lines that cost at most `most` together: its own, as many of its items as there is room for, and how many more
 * there are.
 */
export function linesIn(message: Message, most: number, cost: Cost = withEnd): string[] {
  const many = message.items.length + message.more
  const said = fitted(linesOf(message), most - (many === 0 ? 0 : cost(moreInWords(many))), cost)
  let room = most - cost(moreInWords(many)) - said.reduce((sum, line) => sum + cost(line), 0)
  const listed: string[] = []
  for (const item of message.items.map(itemInWords)) {
    room -= cost(item)
    if (room < 0) break
    listed.push(item)
  }
  const more = many - listed.length
  return [...said, ...listed, ...(more === 0 ? [] : [moreInWords(more)])]
}
