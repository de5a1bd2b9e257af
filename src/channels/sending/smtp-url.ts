import { isIP } from 'node:net'
import { isLoopback } from '../../domain/address.ts'
import { Fault } from '../../domain/fault.ts'

/**
 * A mail server. `tls`: from the first byte; required before anything is said (STARTTLS); taken where it is offered, whatever its certificate, for a
 * server on this machine; or never.
 */
export type SmtpServer = {
  host: string
  port: number
  tls: 'at-once' | 'required' | 'offered' | 'off'
  login: { user: string; password: string } | null
}

const EXAMPLE = 'like smtp://USER:PASSWORD@mail.example.org:587 or smtps://mail.example.org'

const wrong = (detail: string): Fault => new Fault('invalid', `The address of the mail server ${detail}; it must be ${EXAMPLE}.`)

function tlsOf({ protocol, searchParams, hostname }: URL): SmtpServer['tls'] {
  const asked = searchParams.get('tls')
  if (asked !== null && asked !== 'on' && asked !== 'off') throw wrong('says tls other than on or off')
  if (protocol === 'smtps:') {
    if (asked === 'off') throw wrong('says smtps and tls=off')
    return 'at-once'
  }
  if (asked !== null) return asked === 'on' ? 'required' : 'off'
  const host = bare(hostname)
  // A name may begin like an address of this machine.
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host)) ? 'offered' : 'required'
}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('has a name or password with a % that is not written as %25')
  }
}

/** Reads `AFFIRMATIVE_SMTP_URL`: `smtp://[USER:PASSWORD@]HOST[:587][?tls=on|off]` or `smtps://…[:465]`. Throws a fault that tells nothing of the password. */
export function readSmtpUrl(text: string): SmtpServer {
  if (!URL.canParse(text)) throw wrong('is none')
  const url = new URL(text)
  const { protocol, hostname, port, username, password, pathname } = url
  if (protocol !== 'smtp:' && protocol !== 'smtps:') throw wrong('is neither smtp:// nor smtps://')
  if (hostname === '' || (pathname !== '' && pathname !== '/')) throw wrong('has no host, or more than one')
  return {
    host: bare(hostname),
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    tls: tlsOf(url),
    login: username === '' ? null : { user: decoded(username), password: decoded(password) },
  }
}
