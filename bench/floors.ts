import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { prepareInsert } from './insert.ts'
import { connect } from './raw.ts'

// What the product is measured against: `floors.ts http | hono | one-transaction [database]`.

function onceRead(req: IncomingMessage, then: () => void): void {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', then)
}

const http: RequestListener = (req, res) =>
  onceRead(req, () => res.writeHead(200, ['content-type', 'text/plain', 'content-length', '2']).end('OK'))

/** The framework, doing `work` before it answers. */
function hono(work: () => void): RequestListener {
  const app = new Hono()
  app.post('/affirm/:event', async (c) => {
    await c.req.arrayBuffer()
    work()
    return c.text('OK')
  })
  return getRequestListener(app.fetch)
}

function oneTransaction(path: string): RequestListener {
  const insert = prepareInsert(connect(path))
  return hono(() => insert({ event: 1, at: Date.now() }))
}

const [, , name, path = ''] = process.argv
const listener = name === 'http' ? http : name === 'hono' ? hono(() => undefined) : oneTransaction(path)
const server = createServer(listener).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.on('SIGTERM', () => process.exit(0))
