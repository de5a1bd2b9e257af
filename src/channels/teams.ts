import type { HttpAnswer, Message, Outgoing, Sent } from '../domain/message.ts'
import { judgeByStatus, type Kind, saidIn } from './kind.ts'
import { jsonRequest, urlField } from './request.ts'
import { LINK_TEXT, linesIn, titleOf } from './text.ts'
import { type Tone, toneOf } from './tone.ts'

/** Teams takes 28 KB. Some of its ways count two bytes a letter, so both have to fit. */
const MOST_BYTES = 24_000
const LONGEST_TITLE = 250

/** A text run is never read as Markdown; a text block is. */
const block = (text: string, look: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...look }],
})
const LOOKS: Readonly<Record<Tone, string>> = {
  critical: 'Attention',
  warning: 'Warning',
  good: 'Good',
  neutral: 'Default',
}

function cost(line: string): number {
  const json = `${JSON.stringify(block(line))},`
  return Math.max(json.length * 2, Buffer.byteLength(json))
}

function cardOf(message: Message) {
  const title = block(titleOf(message, LONGEST_TITLE), { weight: 'Bolder', size: 'Medium', color: LOOKS[toneOf(message)] })
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [title, ...linesIn(message, MOST_BYTES, cost).map((line) => block(line))],
    actions: [{ type: 'Action.OpenUrl', title: LINK_TEXT, url: message.url }],
  }
}

const render = ({ url }: { url: string }, message: Message): Outgoing[] => [
  jsonRequest(url, {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(message) }],
  }),
]

const FAILED = /Webhook message delivery failed.*?HTTP error (\d{3})/s

/** The connectors that Workflows replace answer 200 and tell of a failure in words. */
function judge(answer: HttpAnswer): Sent {
  const failed = FAILED.exec(answer.body)
  if (answer.status !== 200 || failed === null) return judgeByStatus(answer)
  return { ...judgeByStatus({ ...answer, status: Number(failed[1]) }), said: saidIn(answer) }
}

/** A workflow "when a Teams webhook request is received". https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const teams: Kind<{ url: string }> = {
  label: 'Microsoft Teams',
  fields: [urlField('Workflow URL', 'of a workflow that posts to a channel when a webhook request is received', true)],
  render,
  judge,
}
