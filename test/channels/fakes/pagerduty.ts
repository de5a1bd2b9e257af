import * as v from 'valibot'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, webUrl, words, wrongIn } from './strict.ts'

const key = v.pipe(words(255), v.regex(/^[!-~ ]+$/))
const routing = { routing_key: v.pipe(v.string(), v.length(32)), dedup_key: key }
const payload = v.strictObject({
  summary: words(1_024),
  source: words(255),
  severity: v.picklist(['critical', 'error', 'warning', 'info']),
  timestamp: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  component: v.optional(words(255)),
  group: v.optional(words(255)),
  class: v.optional(words(255)),
  custom_details: v.optional(v.record(v.string(), v.union([v.number(), words(100_000)]))),
})
const trigger = v.strictObject({
  ...routing,
  event_action: v.literal('trigger'),
  payload,
  client: v.optional(words(255)),
  client_url: v.optional(webUrl()),
  links: v.optional(v.array(v.strictObject({ href: webUrl(), text: v.optional(words(255)) }))),
})
const followUp = v.strictObject({ ...routing, event_action: v.picklist(['acknowledge', 'resolve']) })

const MOST_BYTES = 512_000

/** PagerDuty's Events API v2, https://developer.pagerduty.com/docs/send-alert-event. `alerts` are the states by dedup key. */
export function aPagerDuty(): { fake: Fake; alerts: Map<string, string> } {
  const alerts = new Map<string, string>()
  const invalid = (...errors: string[]) => answered(400, { status: 'invalid event', message: 'Event object is invalid', errors })
  const fake: Fake = (request) => {
    if (pathOf(request) !== '/v2/enqueue') return answered(404, 'Not Found')
    if (Buffer.byteLength(request.body) > MOST_BYTES) return answered(413, 'Payload Too Large')
    const event = jsonIn(request)
    const wrong = wrongIn(v.variant('event_action', [trigger, followUp]), event)
    if (wrong !== null) return invalid(`'${wrong.path}' ${wrong.message}`)
    const { dedup_key: dedup, event_action: action } = v.parse(v.object({ dedup_key: key, event_action: v.string() }), event)
    // One that is not open is answered all the same, and nothing happens.
    if (action === 'trigger') alerts.set(dedup, alerts.get(dedup) === 'acknowledged' ? 'acknowledged' : 'triggered')
    else if (['triggered', 'acknowledged'].includes(alerts.get(dedup) ?? '')) {
      alerts.set(dedup, action === 'resolve' ? 'resolved' : 'acknowledged')
    }
    return answered(202, { status: 'success', message: 'Event processed', dedup_key: dedup })
  }
  return { fake, alerts }
}
