/** Events that this program affirms of itself when it is in trouble begin with this. */
const SELF = 'affirmative:'
const FAILING = `${SELF}channel-failing:`

/** The event that is affirmed while nothing arrives at the channel. */
export const failingEventOf = (channel: number): string => `${FAILING}${channel}`

/** The channel that an event says is failing; null for any other event. */
export function failingChannelOf(event: string): number | null {
  const id = event.startsWith(FAILING) ? event.slice(FAILING.length) : ''
  return /^\d{1,15}$/.test(id) ? Number(id) : null
}
