import type { Sent } from '../../domain/message.ts'
import { fitted } from '../letter.ts'

/** What a mail server, or the way to it, answered; as nodemailer tells it. */
type Refusal = {
  message: string
  code?: unknown
  response?: unknown
  responseCode?: unknown
  recipient?: unknown
  rejectedErrors?: unknown
}

const LONGEST_SAID = 500

/** Texts of a server on one line, without the password in any way that it was sent. */
export function wordsWithout(login: { user: string; password: string } | null): (text: string) => string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const secrets =
    login === null || login.password === ''
      ? []
      : [login.password, base64(login.password), base64(`\0${login.user}\0${login.password}`)]
  return (text) =>
    fitted(
      secrets.reduce((rest, secret) => rest.replaceAll(secret, '••••'), text),
      LONGEST_SAID,
    )
}

const isRefusal = (value: unknown): value is Refusal => typeof value === 'object' && value !== null && 'message' in value
const refusalsIn = (value: unknown): Refusal[] => (Array.isArray(value) ? value.filter(isRefusal) : [])
const isFinal = ({ responseCode }: Refusal): boolean => typeof responseCode === 'number' && responseCode >= 500

const said = ({ recipient, response, message }: Refusal): string =>
  [recipient, response ?? message].filter((part) => typeof part === 'string').join(': ')

/** The server has taken the mail; perhaps not for everybody. It is not sent again for their sake: the others would get it twice. */
export function judgeRefusals(info: { response: string; rejectedErrors?: unknown }, words: (text: string) => string): Sent {
  const refused = refusalsIn(info.rejectedErrors)
  const names = refused.length === 0 ? '' : `refused for ${refused.map(said).join('; ')}; for the others: `
  return { kind: 'sent', said: words(`${names}${info.response}`) }
}

/**
 * The mail was not taken. A 5xx to the login, to all recipients or to the mail itself stays so; a 4xx (greylisting) passes, and so may whatever keeps us
 * from talking: no connection, a certificate that does not hold, a server that greets with a no, silence.
 */
export function judgeTrouble(error: unknown, words: (text: string) => string): Sent {
  if (!isRefusal(error)) return { kind: 'again', said: 'The mail could not be sent.', after: null }
  const refused = refusalsIn(error.rejectedErrors)
  const text = words(refused.length > 0 ? `refused for ${refused.map(said).join('; ')}` : said(error))
  const isForEver =
    refused.length > 0 ? refused.every(isFinal) : isAboutUs(error) && (isFinal(error) || error.responseCode === undefined)
  return isForEver ? { kind: 'never', said: text } : { kind: 'again', said: text, after: null }
}

/** About the login, the addresses or the mail, not about the way to the server. Without an answer it was ours not to ask: there is nothing to ask with. */
const isAboutUs = ({ code }: Refusal): boolean => code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE'
