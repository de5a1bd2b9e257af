import type { Message } from '../domain/message.ts'
import { type Cost, cut, linesIn, oneLine, units } from './text.ts'

/** A text of people on one line, at most as long as a service takes it. */
export const fitted = (text: string, most: number): string => cut(oneLine(text), most)

/** What a message says under its title as one text, which ends in the address of its page: together they cost at most `most`. */
export function textOf(message: Message, most: number, cost: Cost = units): string {
  const ended: Cost = (line) => cost(line) + 1
  const url = ended(message.url) < most / 2 ? message.url : ''
  const lines = linesIn(message, most - ended(url), ended)
  return [...lines, url].filter((line) => line !== '').join('\n')
}
