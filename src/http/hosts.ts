import { isIP } from 'node:net'
import { remembering } from '../domain/bounded-cache.ts'
import { Fault } from '../domain/fault.ts'

/** Is a request with this `Host` ours? Without one (HTTP/1.0) it is: no browser leaves it out. */
export type Hosts = (host: string | undefined) => boolean

/** Longer ones are no names: 253 characters and a port. */
const LONGEST = 260
const MOST_REMEMBERED = 1_000

/** `Example.org.:8080` → `example.org`; `[::1]:80` → `::1`. Null for what is no host. */
function nameOf(host: string): string | null {
  const [, v6, name] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+?)\.?)(?::\d{1,5})?$/.exec(host) ?? []
  return (v6 ?? name)?.toLowerCase() ?? null
}

/** Names that nobody can point elsewhere: addresses, and what RFC 6761 keeps for this machine. */
const isFixed = (name: string): boolean => isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')

function isOurs(host: string, names: ReadonlySet<string>): boolean {
  const name = nameOf(host)
  return name !== null && (isFixed(name) || names.has(name))
}

/**
 * Against DNS rebinding: a foreign page whose name was pointed at this server still asks for it by that name. `names`, in lower case, are
 * ours beside those that cannot be pointed anywhere; null: any is. Answers are remembered, as every affirmation asks.
 */
export function aHosts(names: ReadonlySet<string> | null): Hosts {
  if (names === null) return () => true
  const known = remembering(MOST_REMEMBERED, (host) => ({ isOurs: isOurs(host, names) }))
  return (host) => host === undefined || (host.length <= LONGEST && known(host).isOurs)
}

/** What is told to who asks for another name. */
export const wrongHost = (): Fault =>
  new Fault(
    'misdirected',
    'This server does not answer under this name; if the name is its own, set AFFIRMATIVE_HOSTS (or AFFIRMATIVE_URL) to it.',
  )
