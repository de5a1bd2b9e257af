import { remembering } from './bounded-cache.ts'

/** Is it this machine itself? Addresses as the sockets write them, IPv4 ones plain. */
export const isLoopback = (address: string): boolean => address === '127.0.0.1' || address === '::1' || address.startsWith('127.')

/**
 * Whom an address belongs to, as far as limits go: an IPv6 address is one of 2^64 that its holder was given (RFC 6177), so its first half
 * stands for it; everything else is itself.
 */
export const holderOf = (address: string): string => (address.includes(':') ? networks(address).network : address)

/** Taking one apart costs more than the rest of a limit: the same addresses come all day. */
const networks = remembering(10_000, (address) => ({ network: networkOf(address) }))

function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0')
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`
}

/** Without leading zeros; an IPv4 part at the end counts as the two groups it stands for. */
const groups = (text: string): string[] =>
  text === '' ? [] : text.split(':').flatMap((one) => (one.includes('.') ? ['0', '0'] : [one.replace(/^0+(?=.)/, '')]))
