import * as v from 'valibot'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, webUrl, words, wrongIn } from './strict.ts'

const ID = '123456789012345678'
const TOKEN = 'a-webhook-token_of-its-own'
export const DISCORD_PATH = `/api/webhooks/${ID}/${TOKEN}`

const LINK = /https?:\/\/[^\s<]+/g
const SIGN = /[*_~`|[\]<@]|^\s*[>#+-]/m
/** Outside of addresses every sign of Discord's Markdown stands behind a backslash. */
const isEscaped = (text: string): boolean => !SIGN.test(text.replace(LINK, '').replace(/\\[\\*_~`|[\]<@>#+-]/g, 'x'))

const written = (most: number) => v.pipe(words(most), v.check(isEscaped, 'not escaped'))
const embed = v.strictObject({
  title: words(256),
  url: webUrl(),
  description: v.optional(written(4_096)),
  color: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffff)),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
})
const payload = v.strictObject({
  content: written(2_000),
  embeds: v.pipe(v.array(embed), v.maxLength(10)),
  allowed_mentions: v.strictObject({ parse: v.strictTuple([]) }),
})

/** Execute Webhook, https://discord.com/developers/docs/resources/webhook#execute-webhook. Real ones overlook unknown fields; this one does not. */
export const discordFake: Fake = (request) => {
  const [, , , id, token] = pathOf(request).split('/')
  if (id !== ID) return answered(404, { message: 'Unknown Webhook', code: 10015 })
  if (token !== TOKEN) return answered(401, { message: 'Invalid Webhook Token', code: 50027 })
  const document = jsonIn(request)
  if (document === undefined) return answered(400, { message: 'The request body contains invalid JSON.', code: 50109 })
  const wrong = wrongIn(payload, document)
  if (wrong !== null) {
    const errors = { [wrong.path]: { _errors: [{ code: 'BASE_TYPE_BAD', message: wrong.message }] } }
    return answered(400, { message: 'Invalid Form Body', code: 50035, errors })
  }
  const { embeds } = v.parse(payload, document)
  const inEmbeds = embeds.reduce((sum, { title, description = '' }) => sum + title.length + description.length, 0)
  return inEmbeds > 6_000 ? answered(400, { message: 'Invalid Form Body', code: 50035 }) : { status: 204, headers: {}, body: '' }
}
