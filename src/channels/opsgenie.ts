import type { AlertStep, Message } from '../domain/message.ts'
import { alertSteps } from './alert-steps.ts'
import { judgeByAnswer } from './answers.ts'
import { baseOf, baseUrlField, mustBe } from './checks.ts'
import type { Kind } from './kind.ts'
import { fitted, textOf } from './letter.ts'
import { jsonRequest } from './request.ts'
import { cut, titleOf } from './text.ts'

export type OpsgenieSettings = { apiKey: string; baseUrl?: string }

const BASE = 'https://api.opsgenie.com'
const LONGEST = { message: 130, description: 15_000, tag: 50, entity: 512, user: 100, note: 25_000 }
const MOST_TAGS = 20
const PRIORITIES = { critical: 'P1', warning: 'P3' } as const

/** Opsgenie takes HTML in its texts: without an opening bracket there is none. */
const withoutMarkup = (text: string): string => text.replaceAll('<', '‹')

function opened(message: Message): object {
  const { subject, thread } = message
  return {
    message: withoutMarkup(titleOf(message, LONGEST.message)),
    alias: thread,
    description: withoutMarkup(textOf(message, LONGEST.description)),
    priority: message.kind === 'test' ? 'P5' : PRIORITIES[message.severity],
    source: 'affirmative',
    details: { url: cut(message.url, 2_000), kind: message.kind, ...(subject === null ? {} : { key: subject.key }) },
    ...(subject === null ? {} : { entity: fitted(`${subject.event} (${subject.env})`, LONGEST.entity), tags: tagsOf(subject) }),
  }
}

const tagsOf = ({ env, tags }: { env: string; tags: readonly string[] }): string[] =>
  [env, ...tags]
    .map((tag) => withoutMarkup(fitted(tag, LONGEST.tag)))
    .filter((tag) => tag !== '')
    .slice(0, MOST_TAGS)

const noted = (message: Message): object => {
  const by = oneWho(message)
  return {
    source: 'affirmative',
    note: withoutMarkup(textOf(message, LONGEST.note)),
    ...(by === '' ? {} : { user: withoutMarkup(by) }),
  }
}

const oneWho = ({ incident }: Message): string => fitted(incident?.acknowledgedBy ?? '', LONGEST.user)

/** The path below `/v2/alerts` and the body for each step; an alias that is open already is not opened twice, but counted. */
function stepOf(step: Exclude<AlertStep, 'none'>, message: Message): { path: string; body: object } {
  if (step === 'opens' || step === 'stays') return { path: '', body: opened(message) }
  const verb = step === 'closes' ? 'close' : 'acknowledge'
  return { path: `/${encodeURIComponent(message.thread)}/${verb}?identifierType=alias`, body: noted(message) }
}

/** Opsgenie's Alert API v2: an alert with one alias for all that is told of one story. */
export const opsgenie: Kind<OpsgenieSettings> = {
  label: 'Opsgenie',
  fields: [
    {
      name: 'apiKey',
      label: 'API key',
      hint: 'Of an API integration; a key of the account cannot open alerts',
      type: 'text',
      isRequired: true,
      isSecret: true,
      longest: 100,
      check: mustBe(/^[\w-]{8,100}$/, 'the letters, digits and hyphens of an API key'),
    },
    baseUrlField(`${BASE} (in the EU: https://api.eu.opsgenie.com)`),
  ],
  render({ apiKey, baseUrl }, message) {
    return alertSteps(message).map((step) => {
      const { path, body } = stepOf(step, message)
      return jsonRequest(`${baseOf(baseUrl, BASE)}/v2/alerts${path}`, body, { authorization: `GenieKey ${apiKey}` })
    })
  },
  judge: (answer) => judgeByAnswer(answer, ({ requestId }) => typeof requestId === 'string'),
}
