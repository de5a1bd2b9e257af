import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net'

/** A server on this machine that ends with the test; `connections`: how many came. */
export type Endpoint = { port: number; connections: number; open: number }
/** Runs something when the test is over. */
type Test = { after(end: () => unknown): void }

const pem = (name: string): string => readFileSync(`test/data/tls/${name}.pem`, 'utf8')
/** Who has signed the certificates that `startTls` takes. */
export const authority = (): string => pem('authority')

async function started(t: Test, server: Server, host = '127.0.0.1'): Promise<Endpoint> {
  const sockets = new Set<Socket>()
  const endpoint = { port: 0, connections: 0, open: 0 }
  server.on('connection', (socket: Socket) => {
    endpoint.connections++
    endpoint.open++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      endpoint.open--
      sockets.delete(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  endpoint.port = (server.address() as AddressInfo).port
  return endpoint
}

export const startHttp = (t: Test, answer: RequestListener, host?: string): Promise<Endpoint> =>
  started(t, createServer(answer), host)

/** `certificate`: `good` is for localhost and 127.0.0.1, `other` for another name; both and `expired` are the authority's. */
export const startTls = (t: Test, certificate: 'good' | 'other' | 'expired', answer: RequestListener): Promise<Endpoint> =>
  started(t, createTlsServer({ cert: pem(certificate), key: pem('key') }, answer))

/** Speaks whatever it likes. */
export const startRaw = (t: Test, onConnection: (socket: Socket) => void): Promise<Endpoint> =>
  started(t, createRawServer(onConnection))
