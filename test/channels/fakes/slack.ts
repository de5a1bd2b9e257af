import * as v from 'valibot'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, words, wrongIn } from './strict.ts'

export const SLACK_PATH = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'

const ENTITY = /&(?!amp;|lt;|gt;)/
/** https://docs.slack.dev/messaging/formatting-message-text: & < > only as entities, unless they are Slack's own signs. */
const isEscaped = (text: string): boolean => !/[<>]/.test(text) && !ENTITY.test(text)
const isOneLink = (text: string): boolean => /^<https?:\/\/[^|<>\s]+\|[^|<>]+>$/.test(text) && !ENTITY.test(text)

const written = (most: number) => v.pipe(words(most), v.check(isEscaped, 'not escaped'))
const plainText = v.strictObject({ type: v.literal('plain_text'), text: written(3_000), emoji: v.optional(v.boolean()) })
const link = v.strictObject({
  type: v.literal('mrkdwn'),
  text: v.pipe(words(3_000), v.check(isOneLink, 'Markdown that is more than our link')),
  verbatim: v.optional(v.boolean()),
})
const block = v.variant('type', [
  v.strictObject({ type: v.literal('section'), text: plainText }),
  v.strictObject({ type: v.literal('context'), elements: v.pipe(v.array(link), v.minLength(1), v.maxLength(10)) }),
])
const attachment = v.strictObject({
  color: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)),
  blocks: v.pipe(v.array(block), v.minLength(1), v.maxLength(50)),
})
const payload = v.strictObject({
  text: written(4_000),
  mrkdwn: v.literal(false),
  unfurl_links: v.optional(v.boolean()),
  attachments: v.pipe(v.array(attachment), v.maxLength(20)),
})

/** Seen, not documented: https://github.com/slackapi/bolt-js/issues/2509 */
const MOST_OF_BLOCKS = 13_000

/** An incoming webhook of Slack. */
export const slackFake: Fake = (request) => {
  if (pathOf(request) !== SLACK_PATH) return answered(404, 'no_service')
  const document = jsonIn(request)
  if (typeof document !== 'object' || document === null) return answered(400, 'invalid_payload')
  if (!('text' in document)) return answered(400, 'no_text')
  const wrong = wrongIn(payload, document)
  if (wrong !== null) return answered(400, wrong.path.includes('blocks') ? 'invalid_blocks' : 'invalid_payload')
  if (JSON.stringify(Reflect.get(document, 'attachments')).length > MOST_OF_BLOCKS) return answered(400, 'msg_blocks_too_long')
  return answered(200, 'ok')
}
