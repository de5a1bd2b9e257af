import type { HttpAnswer, Message, Outgoing, Sent } from '../domain/message.ts'
import { judgeByStatus, type Kind, saidIn } from './kind.ts'
import { jsonRequest, urlField } from './request.ts'
import { cut, LINK_TEXT, linesIn, titleOf } from './text.ts'
import { COLOURS, toneOf } from './tone.ts'

/** https://docs.slack.dev/messaging/formatting-message-text: these three, and no others, are Slack's own signs. */
const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => SIGNS[sign] ?? sign)
const cost = (text: string): number => escaped(text).length

const LONGEST_TITLE = 300
/** A text object holds 3,000, a whole message was seen to hold some 13,000. */
const LONGEST_TEXT = 2_900

const linkTo = (url: string): string => `<${url.replace(/[&<>|]/g, (sign) => SIGNS[sign] ?? '%7C')}|${LINK_TEXT}>`

/** `plain_text` is never read as Markdown, so that a name like `*_*` looks as it was given. */
function blocksOf(message: Message): unknown[] {
  const text = linesIn(message, LONGEST_TEXT, (line) => cost(line) + 1).join('\n')
  const said = { type: 'section', text: { type: 'plain_text', text: escaped(text), emoji: false } }
  const link = { type: 'context', elements: [{ type: 'mrkdwn', text: linkTo(message.url), verbatim: true }] }
  return text === '' ? [link] : [said, link]
}

function render({ url }: { url: string }, message: Message): Outgoing[] {
  const title = escaped(cut(titleOf(message, LONGEST_TITLE), LONGEST_TITLE, cost))
  const attachment = { color: `#${COLOURS[toneOf(message)]}`, blocks: blocksOf(message) }
  return [jsonRequest(url, { text: title, mrkdwn: false, unfurl_links: false, attachments: [attachment] })]
}

/** A page in place of the answer comes from something in between, a sign-in of a network say. */
function judge(answer: HttpAnswer): Sent {
  const sent = judgeByStatus(answer)
  return sent.kind === 'sent' && answer.body.trimStart().startsWith('<')
    ? { kind: 'again', said: saidIn(answer), after: null }
    : sent
}

/** Incoming webhooks of Slack, and of what speaks like it. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Kind<{ url: string }> = {
  label: 'Slack',
  fields: [urlField('Webhook URL', 'of an incoming webhook of your Slack app, like https://hooks.slack.com/services/…', true)],
  render,
  judge,
}
