import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Fault } from '../domain/fault.ts'
import { plainPassword } from '../domain/password.ts'

export type Derive = (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer>

export type Passwords = {
  /** The text that is kept: how it was made, the salt, the hash. Throws `over-capacity` when too many wait. */
  hash(password: string): Promise<string>
  /** Is it the password of this hash? Without a hash it takes as long to say no. */
  matches(password: string, kept: string | null): Promise<boolean>
}

/** What OWASP asks of scrypt is N = 2^17 with r = 8 and p = 1, or half of that twice as often; ours holds 64 MiB for about 0.2 s. */
const COST = { log2N: 16, r: 8, p: 1 }
type Cost = typeof COST
const SALT = 16
const LENGTH = 32
/** Each holds a thread of the pool, which files and names of hosts need too, and {@link COST} of memory. */
const AT_ONCE = 2
const MOST_WAITING = 20

const KEPT = /^scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)$/
const write = ({ log2N, r, p }: Cost, salt: Buffer, hash: Buffer): string =>
  `scrypt$ln=${log2N},r=${r},p=${p}$${salt.toString('base64')}$${hash.toString('base64')}`

function readKept(kept: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const [, log2N, r, p, salt = '', hash = ''] = KEPT.exec(kept) ?? []
  if (log2N === undefined) throw new Error('A stored password is not of the form that this version knows.')
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

/** So many at once, in the order they come; more than {@link MOST_WAITING} do not wait. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running < AT_ONCE) running += 1
    else if (waiting.length >= MOST_WAITING)
      throw new Fault('over-capacity', 'Too many people are signing in at this moment. Try again in a few seconds.')
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Whoever is next takes over the place: nobody can slip in between.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** `cost` is that of new hashes; older ones say their own. */
export function aPasswords(
  cost: Cost = COST,
  derive: Derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt),
): Passwords {
  const take = inTurn()
  const run = (password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> => {
    const N = 2 ** log2N
    return take(() => derive(plainPassword(password), salt, LENGTH, { N, r, p, maxmem: 256 * N * r }))
  }
  const nobody = { cost, salt: randomBytes(SALT), hash: randomBytes(LENGTH) }

  return {
    hash: async (password) => {
      const salt = randomBytes(SALT)
      return write(cost, salt, await run(password, salt, cost))
    },
    matches: async (password, kept) => {
      const { cost, salt, hash } = kept === null ? nobody : readKept(kept)
      const found = await run(password, salt, cost)
      return timingSafeEqual(found, hash) && kept !== null
    },
  }
}
