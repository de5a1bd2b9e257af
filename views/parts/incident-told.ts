import type { ChannelKind } from '../../src/domain/channel.ts'
import type { MessageKind } from '../../src/domain/message.ts'
import type { ToldDelivery, ToldMark } from '../../src/domain/timeline-told.ts'
import type { Moment } from '../models.ts'
import { counted, shortly } from '../words.ts'

const KINDS: Partial<Record<ChannelKind, string>> = {
  teams: 'Microsoft Teams',
  ntfy: 'ntfy',
  email: 'email',
  webhook: 'a webhook',
  pagerduty: 'PagerDuty',
  eventbridge: 'EventBridge',
  command: 'a program',
}
const kindInWords = (kind: ChannelKind): string => KINDS[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`

/** What is told, where it is not that it is missed. */
const ABOUT: Partial<Record<MessageKind, string>> = {
  recovered: 'that it is met again',
  reminder: 'once more',
  acknowledged: 'that somebody has it',
  flapping: 'that it comes and goes',
  settled: 'how it settled',
  flood: 'with many others',
  'flood-over': 'that no more came',
  'flood-recovered': 'that all are met again',
}
const aboutOf = ({ kind }: ToldDelivery): string => (ABOUT[kind] === undefined ? '' : ` ${ABOUT[kind]}`)

/** "ops by Slack, db by email"; the same channel several times in a row once, and how often. */
function channelsInWords(deliveries: readonly ToldDelivery[]): string {
  const times = new Map<string, number>()
  for (const { channelName, channelKind } of deliveries) {
    const name = `${channelName} by ${kindInWords(channelKind)}`
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  return [...times].map(([name, n]) => (n === 1 ? name : `${name}, ${counted(n, 'time')}`)).join(', ')
}

const tries = (attempts: number): string =>
  attempts === 0 ? '' : ` after ${attempts === 1 ? 'one try' : counted(attempts, 'try', 'tries')}`

/** "Told ops by Slack", "Withheld from ops by Slack", "Could not tell ops by Slack". */
export function toldInWords({ deliveries }: ToldMark): string {
  const [first] = deliveries
  const to = channelsInWords(deliveries)
  if (first.state === 'sent') return `Told ${to}${aboutOf(first)}`
  if (first.state === 'waiting') return `To tell ${to}${aboutOf(first)}`
  return first.state === 'withheld' ? `Withheld from ${to}` : `Could not tell ${to}${aboutOf(first)}`
}

/** What there is to say beside it; empty where nothing is. */
export function whyTold({ deliveries: [first] }: ToldMark, moment: Moment): string {
  const { state, reason, said, attempts, nextAt } = first
  if (state === 'sent') return ''
  if (state === 'withheld') return `${reason ?? ''}.`
  if (state === 'failed') return `${[reason, said].filter((part) => part !== null && part !== '').join(': ')},${tries(attempts)}.`
  const next = nextAt === null ? '' : `Next try at ${shortly(nextAt, moment)}`
  return attempts === 0 ? `${next}.` : `${said ?? ''}${tries(attempts)}. ${next}.`
}
