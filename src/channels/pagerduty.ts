import type { Message } from '../domain/message.ts'
import { iso } from '../domain/time.ts'
import { alertSteps } from './alert-steps.ts'
import { judgeByAnswer } from './answers.ts'
import { baseOf, baseUrlField, mustBe } from './checks.ts'
import type { Kind } from './kind.ts'
import { fitted, textOf } from './letter.ts'
import { jsonRequest } from './request.ts'
import { oneLine, titleOf } from './text.ts'

export type PagerDutySettings = { routingKey: string; baseUrl?: string }

const BASE = 'https://events.pagerduty.com'
const LONGEST_SUMMARY = 1_024
const LONGEST_NAME = 255
const LONGEST_DETAIL = 1_000
/** Of 512,000 bytes in all. */
const LONGEST_TEXT = 20_000
const ACTIONS = { opens: 'trigger', stays: 'trigger', acknowledges: 'acknowledge', closes: 'resolve' } as const

/** The texts of people that are any, cut: an empty one would be no text. */
const given = (texts: Readonly<Record<string, string>>, most: number): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (oneLine(text) === '' ? [] : [[name, fitted(text, most)]])))

function payloadOf(message: Message): object {
  const { subject, incident } = message
  return {
    summary: titleOf(message, LONGEST_SUMMARY),
    source: subject === null ? 'affirmative' : fitted(`${subject.event} (${subject.env})`, LONGEST_NAME),
    severity: message.kind === 'test' ? 'info' : message.severity,
    timestamp: iso(message.at),
    class: message.kind,
    ...(subject && given({ component: subject.event, group: subject.env }, LONGEST_NAME)),
    custom_details: {
      text: textOf(message, LONGEST_TEXT),
      ...(subject && given({ expects: subject.sentence, key: subject.key }, LONGEST_DETAIL)),
      ...(incident && { incident: incident.id }),
    },
  }
}

const opening = (message: Message): object => ({
  payload: payloadOf(message),
  client: 'affirmative',
  client_url: message.url,
  links: [{ href: message.url, text: 'Open in affirmative' }],
})

/** PagerDuty's Events API v2: an alert with one dedup key for all that is told of one story. */
export const pagerduty: Kind<PagerDutySettings> = {
  label: 'PagerDuty',
  fields: [
    {
      name: 'routingKey',
      label: 'Integration key',
      hint: 'Of a service’s integration “Events API v2”',
      type: 'text',
      isRequired: true,
      isSecret: true,
      longest: 32,
      check: mustBe(/^[A-Za-z0-9]{32}$/, '32 letters and digits'),
    },
    baseUrlField(BASE),
  ],
  render({ routingKey, baseUrl }, message) {
    return alertSteps(message).map((step) =>
      jsonRequest(`${baseOf(baseUrl, BASE)}/v2/enqueue`, {
        routing_key: routingKey,
        event_action: ACTIONS[step],
        dedup_key: message.thread,
        ...(ACTIONS[step] === 'trigger' ? opening(message) : {}),
      }),
    )
  },
  judge: (answer) => judgeByAnswer(answer, ({ status }) => status === 'success'),
}
