import type { Message, Outgoing } from '../domain/message.ts'
import { DAY, type Duration, iso, MINUTE, type Millis } from '../domain/time.ts'
import { judgeByStatus, type Kind } from './kind.ts'
import { jsonRequest, urlField } from './request.ts'
import { cut, linesIn, oneLine, plain, titleOf } from './text.ts'

/** Alertmanager closes by itself what is not posted again; ours is posted when something changes, or on a reminder. */
const STAYS_OPEN: Duration = 7 * DAY
/** What is only to be told opens, and closes by itself. */
const TOLD_FOR: Duration = 5 * MINUTE

const LONGEST_LABEL = 200
const LONGEST_TEXT = 8_000

function endOf({ alert, at }: Message, startsAt: Millis, now: Millis): Millis {
  if (alert === 'closes') return Math.max(startsAt, at)
  return now + (alert === 'none' ? TOLD_FOR : STAYS_OPEN)
}

/** What an alert is known by: the same when it opens and when it closes. What is only told has a name of its own, so that its end ends nothing else. */
function labelsOf({ alert, thread, severity, subject }: Message): Record<string, string> {
  const alertname = alert === 'none' ? 'AffirmativeMessage' : 'Affirmative'
  const labels = { alertname, thread, severity, event: subject?.event ?? '', env: subject?.env ?? '' }
  return Object.fromEntries(
    Object.entries(labels)
      .map(([name, value]) => [name, cut(oneLine(value), LONGEST_LABEL)] as const)
      .filter(([, value]) => value !== ''),
  )
}

function render({ url }: { url: string }, message: Message, now: Millis): Outgoing[] {
  if (message.alert === 'acknowledges' || message.kind === 'met') return []
  const startsAt = message.incident?.openedAt ?? message.at
  const alert = {
    labels: labelsOf(message),
    annotations: {
      summary: titleOf(message, LONGEST_LABEL),
      description: linesIn(message, LONGEST_TEXT).join('\n'),
      tags: cut(plain(message.subject?.tags.join(', ') ?? ''), LONGEST_LABEL),
    },
    startsAt: iso(startsAt),
    endsAt: iso(endOf(message, startsAt, now)),
    generatorURL: message.url,
  }
  return [jsonRequest(`${url.replace(/\/+$/, '')}/api/v2/alerts`, [alert])]
}

/** https://prometheus.io/docs/alerting/latest/alerts_api/ */
export const alertmanager: Kind<{ url: string }> = {
  label: 'Prometheus Alertmanager',
  fields: [urlField('URL', 'of the Alertmanager, like http://alertmanager:9093', false)],
  render,
  judge: judgeByStatus,
}
