import type { Message } from '../domain/message.ts'
import { HOUR, MINUTE, type Millis } from '../domain/time.ts'
import { judgeByAnswer } from './answers.ts'
import { baseOf, baseUrlField, mustBe } from './checks.ts'
import type { Kind } from './kind.ts'
import { fitted, textOf } from './letter.ts'
import { jsonRequest } from './request.ts'
import { titleOf } from './text.ts'

export type DatadogSettings = { apiKey: string; baseUrl?: string; tags?: readonly string[] }

const BASE = 'https://api.datadoghq.com'
const LONGEST = { title: 200, text: 4_000, tag: 200 }
/** What is older is refused. */
const OLDEST_EVENT = 18 * HOUR
const OLDEST_POINT = HOUR
const NEWEST_POINT = 10 * MINUTE
/** The series type `count` of the API's version 2. */
const COUNT = 1

/** Lower case, and only what Datadog keeps: it would replace the rest by underscores itself. */
const tagOf = (text: string): string =>
  fitted(text, LONGEST.tag)
    .toLowerCase()
    .replace(/[^\p{Ll}\p{Lo}\p{N}_\-:./]/gu, '_')
    .slice(0, LONGEST.tag)
    .replace(/\p{Cs}$/u, '')

const tagsOf = ({ subject }: Message, { tags = [] }: DatadogSettings): string[] => {
  const own =
    subject === null ? [] : [`event:${subject.event}`, `env:${subject.env}`, `severity:${subject.severity}`, ...subject.tags]
  return [...new Set([...tags, ...own].map(tagOf))].filter((tag) => tag !== '')
}

/** An @ tells whoever is named after it, three percent signs begin Markdown: neither is for people's texts to decide. Zero-width spaces part them. */
const inert = (text: string): string => text.replaceAll('@', '@\u200b').replaceAll('%%%', '%\u200b%\u200b%')

const cost = (text: string): number => inert(text).length

function alertType({ kind, alert, severity }: Message): string {
  if (kind === 'test' || kind === 'acknowledged') return 'info'
  if (kind === 'recovered' || alert === 'closes') return 'success'
  return severity === 'critical' ? 'error' : 'warning'
}

function eventOf(message: Message, settings: DatadogSettings, now: Millis): object {
  const age = now - message.at
  return {
    title: inert(titleOf(message, LONGEST.title, cost)),
    text: inert(textOf(message, LONGEST.text, cost)),
    alert_type: alertType(message),
    priority: message.kind === 'test' ? 'low' : 'normal',
    aggregation_key: message.thread,
    tags: tagsOf(message, settings),
    ...(age >= 0 && age < OLDEST_EVENT ? { date_happened: Math.floor(message.at / 1_000) } : {}),
  }
}

const seriesOf = (message: Message, settings: DatadogSettings): object => ({
  series: [
    {
      metric: 'affirmative.met',
      type: COUNT,
      points: [{ timestamp: Math.floor(message.at / 1_000), value: 1 }],
      tags: tagsOf(message, settings),
    },
  ],
})

/** The path and what is sent there; null: too old for Datadog, which would refuse the point, and no other time would be true. */
function toSend(message: Message, settings: DatadogSettings, now: Millis): { path: string; body: object } | null {
  if (message.kind !== 'met') return { path: '/api/v1/events', body: eventOf(message, settings, now) }
  const age = now - message.at
  return age < OLDEST_POINT && age > -NEWEST_POINT ? { path: '/api/v2/series', body: seriesOf(message, settings) } : null
}

/** Datadog: an event for what people are told, and a point of the count `affirmative.met` for each success. */
export const datadog: Kind<DatadogSettings> = {
  label: 'Datadog',
  fields: [
    {
      name: 'apiKey',
      label: 'API key',
      hint: 'Of the organization; not an application key',
      type: 'text',
      isRequired: true,
      isSecret: true,
      longest: 100,
      check: mustBe(/^[!-~]+$/, 'one word of ASCII'),
    },
    baseUrlField(`${BASE} (other sites: https://api.datadoghq.eu, https://api.us3.datadoghq.com, …)`),
    {
      name: 'tags',
      label: 'Tags',
      hint: 'On everything, like team:data',
      type: 'list',
      isRequired: false,
      isSecret: false,
      longest: LONGEST.tag,
    },
  ],
  render(settings, message, now) {
    const sent = toSend(message, settings, now)
    if (sent === null) return []
    return [jsonRequest(`${baseOf(settings.baseUrl, BASE)}${sent.path}`, sent.body, { 'dd-api-key': settings.apiKey })]
  },
  judge: (answer) =>
    judgeByAnswer(answer, ({ status, errors }) => status === 'ok' || (Array.isArray(errors) && errors.length === 0)),
}
