import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { anApi, NotAsked } from '../../src/cli/api.ts'

for (const status of [404, 503])
  test(`an answer of ${status} without an end is not read to it`, { timeout: 20_000 }, async () => {
    let given = 0
    const piece = Buffer.alloc(65_536, 32)
    const server = createServer((_, response) => {
      response.writeHead(status)
      const more = (): void => {
        // Where it is read on and on this comes to an end, too.
        while (given < 2_000 && response.write(piece)) given += 1
        if (given === 2_000) response.end()
      }
      response.on('drain', more)
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await assert.rejects(anApi({ url, apiKey: undefined }).get('/events'), NotAsked)
    server.closeAllConnections()
    server.close()
    assert.ok(given < 1_000, `${given} pieces`)
  })
