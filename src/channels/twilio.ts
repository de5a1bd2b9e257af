import type { HttpAnswer, HttpRequest, Message, Sent } from '../domain/message.ts'
import { judgeByAnswer, objectIn } from './answers.ts'
import { baseOf, baseUrlField, mustBe } from './checks.ts'
import { type Kind, saidIn } from './kind.ts'
import { textOf } from './letter.ts'
import { titleOf } from './text.ts'

export type TwilioSettings = { accountSid: string; authToken: string; from: string; to: readonly string[]; baseUrl?: string }

const BASE = 'https://api.twilio.com'
/** Three parts of a text message; Twilio takes 1,600. */
const LONGEST_BODY = 459
const LONGEST_TITLE = 160
/** Too many wait for this sender (21611), or too many requests (20429): that passes, whatever the status. */
const PASSING = [20_429, 21_611]
const NOT_SENT = ['failed', 'undelivered', 'canceled']

/** One character outside of GSM's alphabet halves the room of each part: none of them shall be ours. */
const inGsm = (text: string): string => text.replaceAll('…', '...').replaceAll('•', '-')
const cost = (text: string): number => inGsm(text).length

function bodyOf(message: Message): string {
  const title = inGsm(titleOf(message, LONGEST_TITLE, cost))
  return `${title}\n${inGsm(textOf(message, LONGEST_BODY - title.length - 1, cost))}`
}

function requestTo(to: string, { accountSid, authToken, from, baseUrl }: TwilioSettings, body: string): HttpRequest {
  const sender = from.startsWith('MG') && from.length === 34 ? 'MessagingServiceSid' : 'From'
  return {
    via: 'http',
    method: 'POST',
    url: `${baseOf(baseUrl, BASE)}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    },
    body: new URLSearchParams({ To: to, [sender]: from, Body: body }).toString(),
  }
}

function judge(answer: HttpAnswer): Sent {
  const { code, status } = objectIn(answer)
  if (PASSING.some((one) => one === code)) return { kind: 'again', said: saidIn(answer), after: null }
  const isRefused = answer.status < 300 && NOT_SENT.some((one) => one === status)
  if (isRefused) return { kind: 'never', said: saidIn(answer) }
  return judgeByAnswer(answer, ({ sid }) => typeof sid === 'string')
}

/** Text messages by Twilio, one request for each recipient. */
export const twilio: Kind<TwilioSettings> = {
  label: 'Twilio (SMS)',
  fields: [
    {
      name: 'accountSid',
      label: 'Account SID',
      hint: 'AC and 32 characters',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 34,
      check: mustBe(/^AC[0-9a-fA-F]{32}$/, 'AC and 32 digits or letters a to f'),
    },
    {
      name: 'authToken',
      label: 'Auth token',
      hint: 'Of the account',
      type: 'text',
      isRequired: true,
      isSecret: true,
      longest: 100,
      check: mustBe(/^[!-~]+$/, 'one word of ASCII'),
    },
    {
      name: 'from',
      label: 'From',
      hint: 'A number of yours like +15005550006, a short code, a sender name or a messaging service (MG…)',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 34,
      check: mustBe(
        /^(?:\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11})$/,
        'a number like +15005550006, a short code, a name of at most 11 characters or a messaging service (MG…)',
      ),
    },
    {
      name: 'to',
      label: 'To',
      hint: 'Numbers like +491701234567',
      type: 'list',
      isRequired: true,
      isSecret: false,
      longest: 16,
      check: mustBe(/^\+[1-9]\d{6,14}$/, 'a number like +491701234567'),
    },
    baseUrlField(BASE),
  ],
  render(settings, message) {
    const body = bodyOf(message)
    return settings.to.map((to) => requestTo(to, settings, body))
  },
  judge,
}
