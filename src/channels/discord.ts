import type { HttpAnswer, Message, Outgoing, Sent } from '../domain/message.ts'
import { iso } from '../domain/time.ts'
import { judgeByStatus, type Kind } from './kind.ts'
import { jsonRequest, memberOf, urlField, waitIn } from './request.ts'
import { cut, LINK_TEXT, linesIn, titleOf } from './text.ts'
import { COLOURS, toneOf } from './tone.ts'

const LONGEST_TITLE = 300
const LONGEST_DESCRIPTION = 4_000

/**
 * Every sign that Discord gives a meaning, those of lists, quotes and headings at the beginning of a line. An address stays as it is: with a backslash in
 * it, it would lead elsewhere.
 */
const SIGNS = /https?:\/\/[\w.~:/?#@!$&',;=%+-]+|[\\*_~`|[\]<@]|(?<=^\s*)[>#+-]/gm
const escaped = (text: string): string => text.replace(SIGNS, (found) => (found.length > 1 ? found : `\\${found}`))
const cost = (text: string): number => escaped(text).length

function embedOf(message: Message) {
  const description = escaped(linesIn(message, LONGEST_DESCRIPTION, (line) => cost(line) + 1).join('\n'))
  return {
    title: LINK_TEXT,
    url: message.url,
    ...(description === '' ? {} : { description }),
    color: Number.parseInt(COLOURS[toneOf(message)], 16),
    timestamp: iso(message.at),
  }
}

const render = ({ url }: { url: string }, message: Message): Outgoing[] => [
  jsonRequest(url, {
    content: escaped(cut(titleOf(message, LONGEST_TITLE), LONGEST_TITLE, cost)),
    embeds: [embedOf(message)],
    allowed_mentions: { parse: [] },
  }),
]

function judge(answer: HttpAnswer): Sent {
  const sent = judgeByStatus(answer)
  return sent.kind === 'again' ? { ...sent, after: waitIn(memberOf(answer.body, 'retry_after')) } : sent
}

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const discord: Kind<{ url: string }> = {
  label: 'Discord',
  fields: [urlField('Webhook URL', 'from the settings of the channel, like https://discord.com/api/webhooks/…', true)],
  render,
  judge,
}
