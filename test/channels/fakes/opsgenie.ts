import * as v from 'valibot'
import type { Fake } from './serve.ts'
import { answered, jsonIn, words, wrongIn } from './strict.ts'

export const OPSGENIE_KEY = '0f2c1d3e-1111-4222-8333-444455556666'

/** HTML is allowed in texts: ours shall have none. */
const noMarkup = (most: number) =>
  v.pipe(
    words(most),
    v.check((text) => !text.includes('<'), 'holds HTML'),
  )
const note = { source: v.optional(words(100)), user: v.optional(noMarkup(100)), note: v.optional(noMarkup(25_000)) }
const creation = v.strictObject({
  ...note,
  message: noMarkup(130),
  alias: v.optional(words(512)),
  description: v.optional(noMarkup(15_000)),
  tags: v.optional(v.pipe(v.array(noMarkup(50)), v.maxLength(20))),
  details: v.optional(
    v.pipe(
      v.record(v.string(), v.string()),
      v.check((details) => Object.entries(details).join('').length <= 8_000, 'too long'),
    ),
  ),
  entity: v.optional(words(512)),
  priority: v.optional(v.picklist(['P1', 'P2', 'P3', 'P4', 'P5'])),
})
const FOLLOW_UP = /^\/v2\/alerts\/([^/?]+)\/(acknowledge|close)\?identifierType=alias$/

/** Opsgenie's Alert API v2, https://docs.opsgenie.com/docs/alert-api. `alerts` are the states by alias. */
export function anOpsgenie(): { fake: Fake; alerts: Map<string, string> } {
  const alerts = new Map<string, string>()
  const taken = () => answered(202, { result: 'Request will be processed', took: 0.3, requestId: 'b8d2…' })
  const refused = (status: number, message: string) => answered(status, { message, took: 0.001, requestId: 'c1f0…' })
  const fake: Fake = (request) => {
    if (request.headers.authorization !== `GenieKey ${OPSGENIE_KEY}`) return refused(401, 'Could not authenticate')
    const { pathname, search } = new URL(request.url, 'http://fake')
    const [, alias = '', verb] = FOLLOW_UP.exec(pathname + search) ?? []
    if (pathname !== '/v2/alerts' && verb === undefined) return refused(404, 'Not found')
    const document = jsonIn(request)
    if (document === undefined) return refused(400, 'Could not parse the body')
    const wrong = wrongIn(verb === undefined ? creation : v.strictObject(note), document)
    if (wrong !== null) return refused(422, `${wrong.path}: ${wrong.message}`)
    if (verb !== undefined) follow(alerts, decodeURIComponent(alias), verb)
    else open(alerts, String(Reflect.get(Object(document), 'alias')))
    return taken()
  }
  return { fake, alerts }
}

/** What is open already is counted, and stays acknowledged. */
function open(alerts: Map<string, string>, alias: string): void {
  if (alerts.get(alias) !== 'acknowledged') alerts.set(alias, 'open')
}

/** Of an alias that is not open nothing is seen but that the request was taken. */
function follow(alerts: Map<string, string>, alias: string, verb: string): void {
  if (!['open', 'acknowledged'].includes(alerts.get(alias) ?? '')) return
  alerts.set(alias, verb === 'close' ? 'closed' : 'acknowledged')
}
