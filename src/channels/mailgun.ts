import type { Message } from '../domain/message.ts'
import { judgeByAnswer } from './answers.ts'
import { addressOf, baseOf, baseUrlField, mustBe, mustBeSender, recipientsField } from './checks.ts'
import { LONGEST_MAIL, LONGEST_SUBJECT } from './email.ts'
import type { Kind } from './kind.ts'
import { textOf } from './letter.ts'
import { mailHeaders } from './mail-headers.ts'
import { titleOf } from './text.ts'

export type MailgunSettings = { apiKey: string; domain: string; from: string; to: readonly string[]; baseUrl?: string }

const BASE = 'https://api.mailgun.net'

function formOf({ from, to }: MailgunSettings, message: Message): URLSearchParams {
  return new URLSearchParams([
    ['from', from],
    ...to.map((one): [string, string] => ['to', one]),
    ['subject', titleOf(message, LONGEST_SUBJECT)],
    ['text', textOf(message, LONGEST_MAIL) || message.kind],
    // Our own addresses, not ones of Mailgun that lead to them.
    ['o:tracking', 'no'],
    ...Object.entries(mailHeaders(message, addressOf(from))).map(([name, value]): [string, string] => [`h:${name}`, value]),
  ])
}

/** Mails by Mailgun's API: one for all recipients, with ids of ours, so that one that was sent twice can be told. */
export const mailgun: Kind<MailgunSettings> = {
  label: 'Mailgun',
  fields: [
    {
      name: 'apiKey',
      label: 'API key',
      hint: 'A sending key of the domain suffices',
      type: 'text',
      isRequired: true,
      isSecret: true,
      longest: 200,
      check: mustBe(/^[!-~]+$/, 'one word of ASCII'),
    },
    {
      name: 'domain',
      label: 'Domain',
      hint: 'The sending domain, like mg.example.org',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 253,
      check: mustBe(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'a domain like mg.example.org'),
    },
    {
      name: 'from',
      label: 'From',
      hint: 'An address of that domain, perhaps with a name',
      type: 'text',
      isRequired: true,
      isSecret: false,
      longest: 360,
      check: mustBeSender,
    },
    recipientsField,
    baseUrlField(`${BASE} (in the EU: https://api.eu.mailgun.net)`),
  ],
  render(settings, message) {
    return [
      {
        via: 'http',
        method: 'POST',
        url: `${baseOf(settings.baseUrl, BASE)}/v3/${settings.domain}/messages`,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`api:${settings.apiKey}`).toString('base64')}`,
        },
        body: formOf(settings, message).toString(),
      },
    ]
  },
  judge: (answer) => judgeByAnswer(answer, ({ id }) => typeof id === 'string'),
}
