import { serve } from '@hono/node-server'
import { Hono } from 'hono'

// The floor: the framework answering without storing anything.
const app = new Hono()
app.post('/affirm/:event', async (c) => {
  await c.req.arrayBuffer()
  return c.text('OK')
})
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.on('SIGTERM', () => server.close(() => process.exit(0)))
