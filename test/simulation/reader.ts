import assert from 'node:assert/strict'
import type { Message } from '../../src/domain/message.ts'

/** Who reads one channel: what is wrong by all that arrived there, as a person would have it in mind. Throws at what makes no sense. */
export type Reader = {
  reads(message: Message, isRepeatAllowed: boolean): void
  /** It never arrives: nobody owes what it told any more. */
  isRefused(message: Message): void
  /** Nobody listens there for a while: what was on its way then, and never noted, has no end. */
  isSwitchedOff(onItsWay: ReadonlySet<string>): void
  /** Events that it was told are missed, and not yet the end of; and those of which it refused to be told. */
  thinksMissed(): Set<string>
  openThreads(): string[]
}

const namesIn = ({ subject, items }: Message): string[] =>
  subject === null ? items.filter(({ text }) => text.startsWith('missed')).map(({ event }) => event) : [subject.event]

export function aReader(channel: string): Reader {
  /** What is open in each thread. */
  const open = new Map<string, Set<string>>()
  const begunBy = new Map<string, string>()
  const refused = new Set<string>()
  const seen = new Set<string>()

  const isOpen = (message: Message): void =>
    assert.ok(open.has(message.thread), `${channel}: "${message.title}" comes without a beginning`)

  return {
    reads: (message, isRepeatAllowed) => {
      const { id, kind, thread, alert, title } = message
      if (seen.has(id)) {
        assert.ok(isRepeatAllowed, `${channel}: "${title}" came twice`)
        return
      }
      seen.add(id)
      if (kind === 'met' || kind.startsWith('blind')) return
      if (alert === 'opens') {
        const isNew = kind === 'flapping' || !open.has(thread)
        assert.ok(isNew, `${channel}: "${title}" begins what is open`)
        begunBy.set(thread, id)
        open.set(thread, new Set([...(open.get(thread) ?? []), ...namesIn(message)]))
        for (const name of namesIn(message)) refused.delete(name)
        return
      }
      isOpen(message)
      if (alert === 'closes') open.delete(thread)
      else for (const name of namesIn(message)) open.get(thread)?.add(name)
    },
    isSwitchedOff: (onItsWay) => {
      for (const [thread, id] of begunBy) if (onItsWay.has(id)) open.delete(thread)
    },
    isRefused: (message) => {
      if (message.alert !== 'closes') for (const name of namesIn(message)) refused.add(name)
      // It came before its answer was noted, and was refused when it came again.
      if (begunBy.get(message.thread) === message.id) open.delete(message.thread)
      if (message.alert === 'closes' || message.kind === 'settled') open.delete(message.thread)
    },
    thinksMissed: () => new Set([...refused, ...[...open.values()].flatMap((names) => [...names])]),
    openThreads: () => [...open.keys()],
  }
}
