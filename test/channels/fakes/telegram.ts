import * as v from 'valibot'
import type { HttpAnswer } from '../../../src/domain/message.ts'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, wrongIn } from './strict.ts'

export const TELEGRAM = { token: '123456789:AAFakeFakeFakeFakeFakeFakeFakeFake', chatId: '-1001234567890' }

const text = v.pipe(
  v.string(),
  v.check((letters) => !/\p{Surrogate}|(?!\s)\p{Cc}/u.test(letters), 'strings must be encoded in UTF-8'),
  v.check((letters) => letters.trim() !== '', 'message text is empty'),
  v.maxLength(4_096, 'message is too long'),
  v.check((letters) => !/(?<![\w.+-])@\w/.test(letters), 'somebody is mentioned'),
)
const payload = v.pipe(
  v.strictObject({
    chat_id: v.string(),
    text,
    entities: v.array(
      v.strictObject({
        type: v.literal('bold'),
        offset: v.pipe(v.number(), v.minValue(0)),
        length: v.pipe(v.number(), v.minValue(1)),
      }),
    ),
    link_preview_options: v.strictObject({ is_disabled: v.boolean() }),
  }),
  v.check((sent) => sent.entities.every(({ offset, length }) => offset + length <= sent.text.length), 'entity beyond the text'),
)

const refused = (status: number, description: string): HttpAnswer =>
  answered(status, { ok: false, error_code: status, description })

/** sendMessage of the Bot API, https://core.telegram.org/bots/api#sendmessage. Real ones tell of mentions and overlook unknown fields; this one refuses both. */
export const telegramFake: Fake = (request) => {
  const [, bot, method] = pathOf(request).split('/')
  if (bot !== `bot${TELEGRAM.token}`) return refused(401, 'Unauthorized')
  if (method !== 'sendMessage') return refused(404, 'Not Found')
  const document = jsonIn(request)
  const wrong = wrongIn(payload, document)
  if (wrong !== null) return refused(400, `Bad Request: ${wrong.message}`)
  const sent = v.parse(payload, document)
  if (sent.chat_id !== TELEGRAM.chatId) return refused(400, 'Bad Request: chat not found')
  return answered(200, { ok: true, result: { message_id: 7, chat: { id: Number(sent.chat_id) }, date: 1, text: sent.text } })
}
