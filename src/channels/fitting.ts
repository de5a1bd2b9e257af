import type { Message, MessageItem } from '../domain/message.ts'

const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
const TURNING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu
const LONE = /\p{Cs}/gu

/** A text of people on one line: no control characters, nothing that turns the direction of what follows, no half characters. */
export const oneLine = (text: string): string => text.replace(TURNING, '').replace(UNSHOWN, ' ').replace(LONE, '\ufffd').trim()

/** At most `longest` UTF-16 units, of which `mark` says that something was cut. A character of two units stays whole. */
export function cut(text: string, longest: number, mark = '…'): string {
  if (text.length <= longest) return text
  const end = Math.max(0, longest - mark.length)
  const isInside = /[\ud800-\udbff]$/.test(text.slice(0, end))
  return `${text.slice(0, isInside ? end - 1 : end).trimEnd()}${mark}`.slice(0, longest)
}

/** {@link oneLine}, and {@link cut}. */
export const fitted = (text: string, longest: number, mark?: string): string => cut(oneLine(text), longest, mark)

const LONGEST_ITEM = 300
/** For the line that counts what is not listed. */
const ROOM_FOR_REST = 24

const itemLine = ({ event, env, text }: MessageItem, mark?: string): string =>
  fitted(`- ${event} (${env}): ${text}`, LONGEST_ITEM, mark)

/** What a message tells below its title, in at most `longest` units: its lines, as many of its items as fit, how many more there are, and where to look. */
export function textOf(message: Message, longest: number, mark?: string): string {
  const url = message.url.length < longest / 2 ? message.url : ''
  const room = longest - url.length - 1 - ROOM_FOR_REST
  let text = cut(message.lines.map(oneLine).join('\n'), room, mark)
  let listed = 0
  for (const item of message.items) {
    const line = `\n${itemLine(item, mark)}`
    if (text.length + line.length > room) break
    text += line
    listed += 1
  }
  const rest = message.items.length - listed + message.more
  return [text, rest > 0 ? `and ${rest} more` : '', url].filter((part) => part !== '').join('\n')
}
