import type { Message, Outgoing } from '../domain/message.ts'
import { judgeByStatus, type Kind } from './kind.ts'
import { checkUrl, jsonRequest, urlField } from './request.ts'
import { bytes, linesIn, titleOf } from './text.ts'
import { type Tone, toneOf } from './tone.ts'

export type NtfySettings = { url: string; token?: string }

/** ntfy takes 4,096 bytes of message, and 8,192 of JSON. The worst text takes twice its bytes there. */
const MOST_BYTES = 3_500
const LONGEST_TITLE = 250

const PRIORITIES: Readonly<Record<Tone, number>> = { critical: 5, warning: 4, good: 3, neutral: 3 }
const TAGS: Readonly<Record<Tone, string>> = {
  critical: 'rotating_light',
  warning: 'warning',
  good: 'white_check_mark',
  neutral: 'information_source',
}

const TOPIC = /^[\w-]{1,64}$/
const topicIn = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? ''

/** As JSON, to the address above the topic: in headers only ASCII would arrive whole. */
function render({ url, token }: NtfySettings, message: Message): Outgoing[] {
  const tone = toneOf(message)
  const title = titleOf(message, LONGEST_TITLE, bytes)
  const lines = linesIn(message, MOST_BYTES, (line) => bytes(line) + 1)
  const body = {
    topic: topicIn(url),
    title,
    // An empty one would be shown as "triggered".
    message: lines.join('\n') || title,
    priority: PRIORITIES[tone],
    tags: [TAGS[tone]],
    click: message.url,
  }
  return [jsonRequest(new URL('.', url).href, body, token === undefined ? {} : { authorization: `Bearer ${token}` })]
}

const isTopicUrl = (text: string): string | null =>
  checkUrl(text) ??
  (TOPIC.test(topicIn(text)) ? null : 'has to end in the name of a topic: letters, digits, _ and -, at most 64.')

/** https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfy: Kind<NtfySettings> = {
  label: 'ntfy',
  fields: [
    { ...urlField('Topic URL', 'like https://ntfy.sh/your-topic; whoever knows it can read it', true), check: isTopicUrl },
    {
      name: 'token',
      label: 'Access token',
      hint: 'where the topic asks for one, like tk_…',
      type: 'text',
      isRequired: false,
      isSecret: true,
      longest: 200,
      check: (text) => (/^[\w.~+/=-]+$/.test(text) ? null : 'has to be letters, digits and . ~ + / = - _.'),
    },
  ],
  render,
  judge: judgeByStatus,
}
