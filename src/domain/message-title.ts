import type { About } from './delivery.ts'
import { calledAs } from './incident.ts'
import {
  counted,
  type FailingChannel,
  isOpen,
  isOver,
  lasting,
  type Many,
  type MessageFacts,
  nameOf,
  openFor,
} from './message-facts.ts'

const LONGEST_TITLE = 200

/** One line of at most 200 characters that says what happened. */
export function titleOf(facts: MessageFacts): string {
  const title = (facts.failing === null ? null : ofFailing(facts, facts.failing)) ?? headline(facts)
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1).replace(/\p{Cs}$/u, '')}…`
}

function headline(facts: MessageFacts): string {
  const { delivery, incident, many } = facts
  const name = nameOf(facts)
  const open = openFor(facts)
  switch (delivery.kind) {
    case 'missed':
      return isOver(facts) ? `missed, and met again: ${name}` : `missed: ${name}`
    case 'recovered':
      if (facts.subject === null) return `not expected any more: ${name}`
      return `met again: ${name}${open === '' ? '' : ` after ${open}`}`
    case 'reminder':
      return `still missed: ${name}${open === '' ? '' : ` for ${open}`}`
    case 'acknowledged':
      return `${calledAs(incident?.acknowledgedBy ?? 'anyone')} has it: ${name}`
    case 'met':
      return `met: ${name}`
    case 'flapping':
      return `flapping: ${name} is missed and met again and again`
    case 'settled':
      return `steady again: ${name} is ${isOpen(facts) ? 'missed' : 'met'}`
    case 'flood':
      return many?.isOfExpectations === false ? `${howMany(many)} at once` : `missed: ${howMany(many)} at once`
    case 'flood-over':
      return `still missed: ${(many?.open ?? 0).toLocaleString('en')} of ${howMany(many)}`
    case 'flood-recovered':
      return many?.isOfExpectations === false
        ? `met again: all of ${howMany(many)}`
        : `met again: all ${howMany(many)} that were missed at once`
    case 'blind':
      return `nobody was listening${blindFor(delivery.about)}: ${expectations(delivery.about.count ?? 0)} could not be judged`
    case 'blind-settled':
      return `late news: ${counted(delivery.about.count ?? 0, 'expectation that could not be judged is', 'expectations that could not be judged are')} known now`
    case 'test':
      return 'test: this channel works'
  }
}

const expectations = (count: number): string => counted(count, 'expectation', 'expectations')
const howMany = (many: Many | null): string =>
  many?.isOfExpectations === false ? counted(many.count, 'miss', 'misses') : expectations(many?.count ?? 0)

const blindFor = ({ blind }: About): string => (blind === undefined ? '' : ` for ${lasting(blind.to - blind.from)}`)

/** Of a channel that does not work; null where the words of any event will do. */
function ofFailing(facts: MessageFacts, { said }: FailingChannel): string | null {
  const name = nameOf(facts)
  const open = openFor(facts)
  const answer = said === null ? '' : `: ${said.replace(/\s+/gu, ' ')}`
  switch (facts.delivery.kind) {
    case 'missed':
      return `${name} does not work${answer}`
    case 'reminder':
      return `${name} still does not work${open === '' ? '' : ` for ${open}`}${answer}`
    case 'recovered':
      return facts.subject === null
        ? `${name} is not looked at any more`
        : `${name} works again${open === '' ? '' : ` after ${open}`}`
    default:
      return null
  }
}
