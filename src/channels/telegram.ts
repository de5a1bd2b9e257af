import type { HttpAnswer, Message, Outgoing, Sent } from '../domain/message.ts'
import { judgeByStatus, type Kind, saidIn } from './kind.ts'
import { checkUrl, jsonRequest, memberOf, waitIn } from './request.ts'
import { linesIn, titleOf } from './text.ts'

export type TelegramSettings = { token: string; chatId: string; baseUrl?: string }

const BASE_URL = 'https://api.telegram.org'
const LONGEST_TEXT = 4_096
const LONGEST_TITLE = 300

/** Telegram finds mentions in any text, and tells who was mentioned: a space without width keeps it from that. */
const unmentioned = (text: string): string => text.replace(/(?<![\w.+-])@(?=\w)/g, '@\u200B')
const cost = (line: string): number => unmentioned(line).length + 1

/** No `parse_mode`: nothing in the text is read as markup, and what is bold is said beside it. */
function render({ token, chatId, baseUrl = BASE_URL }: TelegramSettings, message: Message): Outgoing[] {
  const title = unmentioned(titleOf(message, LONGEST_TITLE))
  const room = LONGEST_TEXT - title.length - message.url.length - 2
  const lines = linesIn(message, room, cost).map(unmentioned)
  const body = {
    chat_id: chatId,
    text: [title, ...lines, message.url].join('\n'),
    entities: [{ type: 'bold', offset: 0, length: title.length }],
    link_preview_options: { is_disabled: true },
  }
  return [jsonRequest(`${baseUrl.replace(/\/+$/, '')}/bot${token}/sendMessage`, body)]
}

function judge(answer: HttpAnswer): Sent {
  const sent = judgeByStatus(answer)
  if (sent.kind === 'sent' && memberOf(answer.body, 'ok') !== true) return { kind: 'again', said: saidIn(answer), after: null }
  const parameters = JSON.stringify(memberOf(answer.body, 'parameters') ?? null)
  return sent.kind === 'again' ? { ...sent, after: waitIn(memberOf(parameters, 'retry_after')) } : sent
}

const isToken = (text: string) =>
  /^\d+:[\w-]{20,}$/.test(text) ? null : 'has to look like 123456789:AAF… as @BotFather gives it.'
const isChat = (text: string) =>
  /^(-?\d{1,20}|@\w{4,64})$/.test(text) ? null : 'has to be a number, like -1001234567890, or the @name of a channel.'

/** https://core.telegram.org/bots/api#sendmessage */
export const telegram: Kind<TelegramSettings> = {
  label: 'Telegram',
  fields: [
    {
      name: 'token',
      label: 'Bot token',
      hint: 'as @BotFather gives it',
      type: 'text',
      isRequired: true,
      isSecret: true,
      longest: 200,
      check: isToken,
    },
    {
      name: 'chatId',
      label: 'Chat',
      hint: 'the number of a chat that the bot is in, or the @name of a channel',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 66,
      check: isChat,
    },
    {
      name: 'baseUrl',
      label: 'Server',
      hint: `of a Bot API server of your own; else ${BASE_URL}`,
      type: 'url',
      isRequired: false,
      isSecret: false,
      longest: 500,
      check: checkUrl,
    },
  ],
  render,
  judge,
}
