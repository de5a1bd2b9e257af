import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { HttpAnswer, HttpRequest } from '../../../src/domain/message.ts'

/** A service that stands in for a real one: what it answers to a request. `url` is the path with its query. */
export type Fake = (request: HttpRequest) => HttpAnswer

export type ServedFake = { url: string; received: HttpRequest[]; close(): Promise<void> }

const plainHeaders = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** The fake on a port of its own. */
export async function serveFake(fake: Fake): Promise<ServedFake> {
  const received: HttpRequest[] = []
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming
    const request: HttpRequest = { via: 'http', method, url, headers: plainHeaders(headers), body: await text(incoming) }
    received.push(request)
    const answer = fake(request)
    outgoing.writeHead(answer.status, answer.headers).end(answer.status === 204 ? undefined : answer.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
