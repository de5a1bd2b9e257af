import { connect, createServer, type Socket } from 'node:net'
import { systemClock } from '../../src/clock.ts'
import type { Duration } from '../../src/domain/time.ts'

/**
 * What the network between does to the bytes:
 * - `{ delay }` – each piece arrives so much later, each way.
 * - `hold` – nothing arrives before it is healed, then all of it: a partition that TCP survives.
 * - `black-hole` – connections are taken and stay open, nothing arrives, ever: a firewall that forgot them.
 * - `half-open` – what the client sends arrives, the answers are lost: a statement commits and nobody hears of it.
 * - `refuse` – new connections are reset.
 */
export type Fault = 'none' | { delay: Duration } | 'hold' | 'black-hole' | 'half-open' | 'refuse'

/** A TCP proxy that can fail. A connection that lost bytes stays lost after the healing, as its two ends do not agree any more. */
export type TestProxy = {
  port: number
  /** The same database by way of this proxy. */
  url(databaseUrl: string): string
  /** From now on; connections that are there feel it, too, but for `refuse`. `none` heals. */
  set(fault: Fault): void
  /** Resets all connections now. */
  cut(): void
  close(): Promise<void>
}

type Way = 'there' | 'back'
/** `lost`, or when it may go on. */
type Passage = 'lost' | Promise<void>

/** In order, whatever each piece has to wait for. The end of a connection is a piece like others: where pieces are lost, it is, too. */
function forward(from: Socket, to: Socket, passage: () => Passage): void {
  let isLost = false
  let line: Promise<void> = Promise.resolve()
  const pass = (deliver: () => void): void => {
    const next = passage()
    if (next === 'lost') isLost = true
    if (isLost || next === 'lost') return
    line = line.then(() => next).then(deliver)
  }
  from.on('data', (piece) => pass(() => to.write(piece)))
  from.on('close', () => pass(() => to.end()))
  // Told by `close`, which follows.
  from.on('error', () => undefined)
}

/** Listens on a port of its own and forwards to `targetPort` on this machine. */
export async function startProxy(targetPort: number): Promise<TestProxy> {
  const sockets = new Set<Socket>()
  let fault: Fault = 'none'
  let heal: () => void = () => undefined
  let healed: Promise<void> = Promise.resolve()

  const passage = (way: Way): Passage => {
    if (fault === 'black-hole' || (fault === 'half-open' && way === 'back')) return 'lost'
    return typeof fault === 'object' ? systemClock.sleep(fault.delay) : healed
  }
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    if (fault === 'refuse') return void client.resetAndDestroy()
    keep(client)
    // What it would say gets lost, so the target does not hear of it at all.
    if (fault === 'black-hole') return void client.on('error', () => undefined).resume()
    const target = keep(connect(targetPort, '127.0.0.1'))
    forward(client, target, () => passage('there'))
    forward(target, client, () => passage('back'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const set = (next: Fault): void => {
    heal()
    fault = next
    if (next !== 'hold') return
    healed = new Promise((resolve) => {
      heal = resolve
    })
  }
  return {
    port,
    url: (databaseUrl) => {
      const url = new URL(databaseUrl)
      url.port = `${port}`
      return url.href
    },
    set,
    cut,
    close: () => {
      set('none')
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
