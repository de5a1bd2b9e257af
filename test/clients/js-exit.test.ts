import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { start } from './driver.ts'

const CLIENT = './clients/js/affirmative.js'

describe('a program that ends right after it affirmed', () => {
  const heard: string[] = []
  const spool = mkdtempSync(join(tmpdir(), 'affirmative-js-'))
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (piece) => {
      body += piece
    })
    req.on('end', () => {
      const events = body.split('\n').map((line) => JSON.parse(line).event)
      heard.push(...events)
      res.end(JSON.stringify({ accepted: events.length, duplicates: 0, rejected: [] }))
    })
  })
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  after(() => {
    server.close()
    rmSync(spool, { recursive: true, force: true })
  })

  const run = (lines: string) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const program = `import { Affirmative } from '${CLIENT}'\nconst client = new Affirmative(null, { batch: 60000 })\n${lines}`
    const settings = { AFFIRMATIVE_URL: url, AFFIRMATIVE_SPOOL: spool }
    return start([process.execPath, '--input-type=module', '-e', program], settings).ended
  }

  test('has it sent, and does not wait for the moment of others', async () => {
    const { status, out, err, elapsed } = await run("client.affirm('at_the_end')\nclient.affirm('and_another')")
    assert.deepEqual([status, out.toString(), err], [0, '', ''])
    assert.deepEqual(heard.splice(0), ['at_the_end', 'and_another'])
    assert.ok(elapsed < 30_000)
    assert.deepEqual(readdirSync(spool), [])
  })

  test('awaited at the top it goes on with its outcome', async () => {
    const { out } = await run("process.stdout.write((await client.affirm('awaited')).state)")
    assert.equal(out.toString(), 'accepted')
    assert.deepEqual(heard.splice(0), ['awaited'])
  })

  test('killed by itself after a run, it is in the spool, and the next one delivers it', async () => {
    await run("await client.run('left', () => 1)\nprocess.exit(3)")
    assert.deepEqual(heard.splice(0), [])
    for (const name of readdirSync(spool)) assert.match(name, /^\d+-[\da-f]{32}\.json$/)
    assert.equal(readdirSync(spool).length, 2)
    await run("client.affirm('next')")
    assert.deepEqual(heard.splice(0), ['next', 'left', 'left'])
    assert.deepEqual(readdirSync(spool), [])
  })
})
