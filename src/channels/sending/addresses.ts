import { type BlockList, isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Where the cloud's own host answers its machines, although the address is one of the internet's. */
const OF_THE_CLOUD = '168.63.129.16'
/** All that is given out of IPv6 (RFC 4291, section 2.4). */
const GIVEN_OUT: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/** An address that nothing is sent to: whoever writes a channel must not reach what only this machine can. */
export class PrivateAddress extends Error {
  readonly address: string
  constructor(address: string) {
    super(`${address} is a private address`)
    this.name = 'PrivateAddress'
    this.address = address
  }
}

/**
 * May something be sent there? To what anybody reaches over the internet, and to what is in `allowed`. An IPv4 address in an IPv6 one counts as what it is;
 * what leads through a translator or a tunnel (NAT64, 6to4, Teredo) is not public: nobody can tell where it comes out.
 */
export function mayReach(address: string, allowed: BlockList): boolean {
  if (isIP(address) === 0) return false
  const plain = ipaddr.process(address.split('%')[0] ?? '')
  return isPublic(plain) || allowed.check(plain.toString(), plain.kind())
}

function isPublic(plain: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (plain.range() !== 'unicast' || plain.toString() === OF_THE_CLOUD) return false
  return plain instanceof ipaddr.IPv4 || plain.match(GIVEN_OUT)
}

/**
 * Looks names up for a connection, which goes to nothing but what this lets through: a name that leads elsewhere on the second look gains nothing.
 * One private address among public ones is a refusal, too.
 */
export const guarded =
  (lookup: LookupFunction, allowed: BlockList): LookupFunction =>
  (name, options, callback) =>
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, [])
      const all = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found
      const refused = all.find(({ address }) => !mayReach(address, allowed))
      if (refused !== undefined) return callback(new PrivateAddress(refused.address), [])
      if (options.all === true) return callback(null, all)
      callback(null, all[0]?.address ?? '', all[0]?.family)
    })
