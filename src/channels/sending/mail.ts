import { createTransport } from 'nodemailer'
import type { Clock } from '../../clock.ts'
import type { MailRequest, Sent } from '../../domain/message.ts'
import { type Duration, SECOND } from '../../domain/time.ts'
import { addressOf } from '../checks.ts'
import { mailHeaders } from '../mail-headers.ts'
import { judgeRefusals, judgeTrouble, wordsWithout } from './mail-answers.ts'
import type { SmtpServer } from './smtp-url.ts'

/** Sends mails, each over a connection of its own. Never throws. */
export type Mailer = { send(mail: MailRequest): Promise<Sent>; close(): void }

export type MailerSettings = {
  /** Null: none is set. */
  server: SmtpServer | null
  /** Who mails are from that do not say it. */
  from: string | null
  clock: Clock
  /** To connect and be greeted, and for all of it. */
  patience?: { connect: Duration; total: Duration }
  /** Whom to trust beside the usual authorities, as PEM. */
  ca?: string
}

const PATIENCE = { connect: 10 * SECOND, total: 30 * SECOND }
const never = (said: string): Sent => ({ kind: 'never', said })
const again = (said: string): Sent => ({ kind: 'again', said, after: null })

function transportFor({ host, port, tls, login }: SmtpServer, { connect, total }: typeof PATIENCE, ca: string | undefined) {
  return createTransport({
    host,
    port,
    secure: tls === 'at-once',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    // On this machine the certificate is often one that the system made for itself; without TLS we would send as well.
    tls: { rejectUnauthorized: tls !== 'offered', ...(ca === undefined ? {} : { ca }) },
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: connect,
    dnsTimeout: connect,
    greetingTimeout: connect,
    socketTimeout: total,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

function contentOf(mail: MailRequest, from: string, at: Date) {
  const {
    'Message-ID': messageId,
    'In-Reply-To': inReplyTo,
    References: references,
    ...headers
  } = mailHeaders(mail, addressOf(from))
  return { from, to: [...mail.to], subject: mail.subject, text: mail.text, date: at, messageId, inReplyTo, references, headers }
}

/** A mailer for one server. Its answers never hold the password. */
export function aMailer({ server, from, clock, patience = PATIENCE, ca }: MailerSettings): Mailer {
  if (server === null) return { send: async () => never('No mail server is set: AFFIRMATIVE_SMTP_URL.'), close: () => undefined }
  const transport = transportFor(server, patience, ca)
  const words = wordsWithout(server.login)
  const underWay = new Set<AbortController>()

  /** Ends when the time is over, whatever the server drips until then. */
  async function sendWithin(mail: MailRequest, sender: string): Promise<Sent> {
    const ended = new AbortController()
    const givenUp = new AbortController()
    let isLate = false
    underWay.add(givenUp)
    void clock.sleep(patience.total, ended.signal).then(() => {
      isLate = !ended.signal.aborted
      givenUp.abort()
    })
    try {
      const content = contentOf(mail, sender, new Date(clock.now()))
      return judgeRefusals(await transport.sendMail({ ...content, signal: givenUp.signal }), words)
    } catch (error) {
      return isLate ? again(`The mail server took more than ${patience.total / SECOND} s.`) : judgeTrouble(error, words)
    } finally {
      underWay.delete(givenUp)
      ended.abort()
    }
  }

  return {
    send: async (mail) => {
      const sender = mail.from ?? from
      if (sender === null) return never('The mail says not who it is from, and AFFIRMATIVE_MAIL_FROM is not set.')
      return sendWithin(mail, sender)
    },
    close: () => {
      for (const givenUp of underWay) givenUp.abort()
    },
  }
}
