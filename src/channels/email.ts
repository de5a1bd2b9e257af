import { mustBeSender, recipientsField } from './checks.ts'
import { judgeByStatus, type Kind } from './kind.ts'
import { textOf } from './letter.ts'
import { titleOf } from './text.ts'

export type EmailSettings = { to: readonly string[]; from?: string }

export const LONGEST_SUBJECT = 200
export const LONGEST_MAIL = 50_000

/** A mail by the server that `AFFIRMATIVE_SMTP_URL` names: one for all recipients. */
export const email: Kind<EmailSettings> = {
  label: 'Email',
  fields: [
    recipientsField,
    {
      name: 'from',
      label: 'From',
      hint: 'An address, perhaps with a name; left out: the one in AFFIRMATIVE_MAIL_FROM',
      type: 'text',
      isRequired: false,
      isSecret: false,
      longest: 360,
      check: mustBeSender,
    },
  ],
  render({ to, from }, message) {
    const { id, thread } = message
    const subject = titleOf(message, LONGEST_SUBJECT)
    return [{ via: 'mail', from: from ?? null, to, subject, text: `${textOf(message, LONGEST_MAIL)}\n`, thread, id }]
  },
  // A mail has no answer of this kind: the mailer says itself what became of it.
  judge: judgeByStatus,
}
