import * as v from 'valibot'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, webUrl, words, wrongIn } from './strict.ts'

export const TEAMS_PATH = '/workflows/0123456789abcdef/triggers/manual/paths/invoke'

const run = v.strictObject({
  type: v.literal('TextRun'),
  text: words(24_000),
  weight: v.optional(v.picklist(['Default', 'Lighter', 'Bolder'])),
  size: v.optional(v.picklist(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge'])),
  color: v.optional(v.picklist(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention'])),
})
const card = v.strictObject({
  $schema: v.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
  type: v.literal('AdaptiveCard'),
  version: v.picklist(['1.2', '1.3', '1.4', '1.5']),
  msteams: v.strictObject({ width: v.literal('Full') }),
  body: v.pipe(v.array(v.strictObject({ type: v.literal('RichTextBlock'), inlines: v.array(run) })), v.minLength(1)),
  actions: v.pipe(
    v.array(v.strictObject({ type: v.literal('Action.OpenUrl'), title: words(100), url: webUrl() })),
    v.maxLength(6),
  ),
})
const envelope = v.strictObject({
  type: v.literal('message'),
  attachments: v.strictTuple([
    v.strictObject({
      contentType: v.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: v.null(),
      content: card,
    }),
  ]),
})

const error = (code: string, message: string) => ({ error: { code, message } })
const MOST_BYTES = 28 * 1_024

/** A workflow "when a Teams webhook request is received". It counts as UTF-8 and as UTF-16: Teams was seen to do either. */
export const teamsFake: Fake = (request) => {
  if (pathOf(request) !== TEAMS_PATH) return answered(404, error('WorkflowNotFound', 'The workflow could not be found.'))
  if (Math.max(Buffer.byteLength(request.body), request.body.length * 2) > MOST_BYTES)
    return answered(413, error('RequestEntityTooLarge', 'The request entity is too large.'))
  const wrong = wrongIn(envelope, jsonIn(request))
  if (wrong !== null) return answered(400, error('TriggerInputSchemaMismatch', `${wrong.path}: ${wrong.message}`))
  return answered(202, '')
}
