import type { Channel } from '../domain/channel.ts'
import type { Delivery } from '../domain/delivery.ts'
import { Fault } from '../domain/fault.ts'
import { calledAs } from '../domain/incident.ts'
import type { Message, Sent } from '../domain/message.ts'
import { type Duration, MINUTE, type Millis } from '../domain/time.ts'
import type { Settlement, TellingStore } from '../store/store.ts'

/** What became of a test; `delivery` is the row that says so. */
export type Tested = { isThere: boolean; said: string; delivery: number }

/** Sends a test now and waits for the answer. Throws `conflict` while another one of the channel is under way. */
export type Testing = (channel: Channel, asked: { who: string; url: string; at: Millis }) => Promise<Tested>

type Needs = {
  store: Pick<TellingStore, 'addDelivery' | 'settleDelivery'>
  tell: (channel: Channel, message: Message) => Promise<Sent>
  /** When the answer is there. */
  now: () => Millis
}

/** Longer than any answer is waited for. */
const IN_HAND: Duration = 5 * MINUTE
const LONGEST_TITLE = 200

/** `url` is the page of the channel. */
export const testMessage = (
  { key }: Pick<Delivery, 'key'>,
  { name }: Channel,
  who: string,
  url: string,
  at: Millis,
): Message => ({
  id: key,
  kind: 'test',
  at,
  thread: `test-${key}`,
  alert: 'none',
  severity: 'warning',
  title: `test: this reaches ${name}`.slice(0, LONGEST_TITLE),
  lines: [`${calledAs(who)} asked for this test. Nothing is wrong, and nothing has to be done.`],
  url,
  subject: null,
  incident: null,
  verdict: null,
  items: [],
  more: 0,
})

/** A test is tried once: whoever pressed the button waits for the answer, and can press it again. */
const settlementOf = (sent: Sent): Settlement =>
  sent.kind === 'sent' ? { state: 'sent', said: sent.said } : { state: 'failed', reason: 'a test is tried once', said: sent.said }

/** Each node sends one test of a channel at a time. */
export function aTesting({ store, tell, now }: Needs): Testing {
  const inHand = new Set<number>()

  const send: Testing = async (channel, { who, url, at }) => {
    const about = { why: `asked for by ${who}` }
    const delivery = await store.addDelivery({ channel: channel.id, kind: 'test', about }, at, at + IN_HAND)
    const sent = await tell(channel, testMessage(delivery, channel, who, url, at))
    await store.settleDelivery(delivery, settlementOf(sent), now())
    return { isThere: sent.kind === 'sent', said: sent.said, delivery: delivery.id }
  }

  return async (channel, asked) => {
    if (inHand.has(channel.id)) throw new Fault('conflict', 'A test of this channel is under way: wait for its answer.')
    inHand.add(channel.id)
    try {
      return await send(channel, asked)
    } finally {
      inHand.delete(channel.id)
    }
  }
}
