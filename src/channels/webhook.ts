import type { Message, Outgoing } from '../domain/message.ts'
import { type Millis, SECOND } from '../domain/time.ts'
import { messageAsJson } from './document.ts'
import { judgeByStatus, type Kind } from './kind.ts'
import { signatureOf } from './signature.ts'
import { filled, filledJson, isJsonTemplate } from './template.ts'
import { webhookFields } from './webhook-fields.ts'

export type WebhookSettings = {
  url: string
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string
  secret?: string
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const asMarkup = (value: string): string => value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

/** How a value is written into a body that is no JSON. */
function writingIn(contentType: string): (value: string) => string {
  if (contentType.includes('x-www-form-urlencoded')) return encodeURIComponent
  return /\b(xml|html)\b/.test(contentType) ? asMarkup : (value) => value
}

function bodyFor(template: string | undefined, contentType: string, message: Message): string {
  if (template === undefined) return messageAsJson(message)
  if (isJsonTemplate(template)) return filledJson(template, message)
  return filled(template, message, writingIn(contentType))
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const typeOf = (template: string | undefined): string =>
  `${template === undefined || isJsonTemplate(template) ? 'application/json' : 'text/plain'}; charset=utf-8`

/** What Standard Webhooks asks for. Whoever gets a message twice knows it by its id, signed or not. */
function standardHeaders({ id }: Message, body: string, secret: string | undefined, now: Millis): Record<string, string> {
  const seconds = Math.floor(now / SECOND)
  const headers = { 'webhook-id': id, 'webhook-timestamp': `${seconds}` }
  return secret === undefined ? headers : { ...headers, 'webhook-signature': signatureOf(secret, id, seconds, body) }
}

function render(settings: WebhookSettings, message: Message, now: Millis): Outgoing[] {
  const { url, method = 'POST', headers = {}, body: template, secret } = settings
  const given: Record<string, string> = { 'content-type': typeOf(template), ...lowerCased(headers) }
  const body = bodyFor(template, (given['content-type'] ?? '').toLowerCase(), message)
  return [{ via: 'http', method, url, headers: { ...given, ...standardHeaders(message, body, secret, now) }, body }]
}

/** Whatever listens for HTTP. https://www.standardwebhooks.com */
export const webhook: Kind<WebhookSettings> = {
  label: 'Webhook',
  fields: webhookFields,
  render,
  judge: judgeByStatus,
}
