import { basic, formIn } from './form.ts'
import type { Fake } from './serve.ts'
import { answered, pathOf } from './strict.ts'

export const MAILGUN = { apiKey: 'key-3ax6xnjp29jd6fds4gc373sgvjxteol0', domain: 'mg.example.org' }

const ADDRESS = /^(?:[^<>"\p{C}]+ <)?[^\s@<>,]+@[^\s@<>,]+?>?$/u
const HEADER = /^h:[A-Za-z][A-Za-z0-9-]*$/
/** RFC 5322, msg-id: a dot-atom on each side, no dot at an end or beside another. */
const MSG_ID = /^<[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9.-]+>$/
const IDS = ['h:Message-ID', 'h:In-Reply-To', 'h:References']
const MOST_OF_OPTIONS = 16 * 1_024
const MOST_RECIPIENTS = 1_000

/** The first thing that is wrong, in Mailgun's words where they are known. */
function wrongIn(form: URLSearchParams): string | null {
  const to = form.getAll('to')
  for (const name of ['from', 'to', 'subject', 'text']) {
    if ((form.get(name) ?? '') === '') return `'${name}' parameter is missing`
  }
  if (to.length > MOST_RECIPIENTS) return 'too many recipients'
  for (const name of ['from', 'to']) {
    if (!form.getAll(name).every((one) => ADDRESS.test(one)))
      return `'${name}' parameter is not a valid address. please check documentation`
  }
  const options = [...form].filter(([name]) => /^[ohv]:/.test(name))
  if (options.some(([name]) => name.startsWith('h:') && !HEADER.test(name))) return 'bad header name'
  if (options.some(([, value]) => /[^ -~]/.test(value))) return 'bad header value'
  if (IDS.some((name) => form.has(name) && !MSG_ID.test(form.get(name) ?? ''))) return 'bad message id'
  if (/\p{Cc}/u.test(form.get('subject') ?? '')) return 'bad subject'
  return options.join('').length > MOST_OF_OPTIONS ? 'options are limited to 16KB' : null
}

/** Mailgun's messages, https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages */
export const mailgunFake: Fake = (request) => {
  if (request.headers.authorization !== basic('api', MAILGUN.apiKey)) return answered(401, 'Forbidden')
  if (pathOf(request) !== `/v3/${MAILGUN.domain}/messages`) return answered(404, { message: 'Domain not found' })
  const form = formIn(request)
  if (form === undefined) return answered(400, { message: "'from' parameter is missing" })
  const wrong = wrongIn(form)
  return wrong === null
    ? answered(200, { id: `<1@${MAILGUN.domain}>`, message: 'Queued. Thank you.' })
    : answered(400, { message: wrong })
}
