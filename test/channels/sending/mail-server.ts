import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** An authority for tests alone, its key thrown away, and a certificate by it for localhost and 127.0.0.1; both for a hundred years. */
const pem = (name: string): string => readFileSync(`test/data/tls/${name}.pem`, 'utf8')
export const CA = pem('ca')
export const CERTIFICATE = { cert: pem('localhost'), key: pem('localhost-key') }

export type Received = { from: string; to: string[]; text: string; isSecure: boolean; user: unknown }
export type MailServer = { url: string; received: Received[]; close(): Promise<void> }

/** What an SMTP server says no with. */
export const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

/** A real SMTP server that keeps what it takes. With a certificate for localhost, and without a login, unless `options` say otherwise. */
export async function startMailServer(options: SMTPServerOptions = {}, host = '127.0.0.1'): Promise<MailServer> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    ...CERTIFICATE,
    onData(stream, { envelope, secure, user }, done) {
      let text = ''
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope
        const from = mailFrom === false ? '' : mailFrom.address
        received.push({ from, to: rcptTo.map(({ address }) => address), text, isSecure: secure, user })
        done()
      })
    },
    ...options,
  })
  // A client that hangs up on us is a case here, not an error.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://${host}:${port}`, received, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Something that listens and is no mail server: `treat` gets each connection. */
export async function startSocket(treat: (socket: Socket) => void): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    treat(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
