import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { startProxy, type TestProxy } from './proxy.ts'

/** Answers `heard WORD`, and notes the word. */
function startEcho(): Promise<{ server: Server; port: number; heard: string[]; ended: string[] }> {
  const heard: string[] = []
  const ended: string[] = []
  const server = createServer((socket) => {
    let last = ''
    socket.on('data', (piece) => {
      last = piece.toString()
      heard.push(last)
      socket.write(`heard ${last}`)
    })
    socket.on('close', () => ended.push(last))
    socket.on('error', () => undefined)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0, heard, ended })
    })
  })
}

async function answerTo(socket: Socket, word: string): Promise<string> {
  const answer = once(socket, 'data')
  socket.write(word)
  return String((await answer)[0])
}

describe('a network that fails as it is told', () => {
  let echo: Awaited<ReturnType<typeof startEcho>>
  let proxy: TestProxy
  const clients: Socket[] = []

  const call = (): Socket => {
    const client = connect(proxy.port, '127.0.0.1').on('error', () => undefined)
    clients.push(client)
    return client
  }
  /** What was written before has reached the proxy: this one went a longer way. */
  const aTurn = async (): Promise<void> => {
    const another = connect(echo.port, '127.0.0.1')
    clients.push(another)
    await answerTo(another, 'by another way')
  }

  before(async () => {
    echo = await startEcho()
    proxy = await startProxy(echo.port)
  })
  afterEach(() => {
    proxy.set('none')
    for (const client of clients.splice(0)) client.destroy()
  })
  after(async () => {
    await proxy.close()
    echo.server.close()
  })

  test('without a fault all arrives, both ways', async () => {
    assert.equal(await answerTo(call(), 'plain'), 'heard plain')
  })

  test('a database url is led by way of it', () => {
    assert.equal(proxy.url('postgres://me:secret@127.0.0.1:5432/mine'), `postgres://me:secret@127.0.0.1:${proxy.port}/mine`)
  })

  test('a delay counts each way', async () => {
    const client = call()
    await answerTo(client, 'at once')
    proxy.set({ delay: 50 })
    const asked = systemClock.elapsed()
    assert.equal(await answerTo(client, 'slowly'), 'heard slowly')
    assert.ok(systemClock.elapsed() - asked >= 95)
  })

  test('what was held arrives after the healing, in order', async () => {
    const client = call()
    await answerTo(client, 'before')
    proxy.set('hold')
    client.write('held')
    await aTurn()
    assert.ok(!echo.heard.includes('held'))
    proxy.set('none')
    assert.equal(String((await once(client, 'data'))[0]), 'heard held')
  })

  test('what fell into a black hole never arrives, and its connection is not told closed; a new one works after the healing', async () => {
    const client = call()
    await answerTo(client, 'alive')
    proxy.set('black-hole')
    const late = call()
    await once(late, 'connect')
    client.write('swallowed')
    late.write('swallowed')
    await aTurn()
    proxy.set('none')
    client.write('swallowed')
    client.destroy()
    assert.equal(await answerTo(call(), 'new'), 'heard new')
    assert.ok(!echo.heard.includes('swallowed'))
    assert.ok(!echo.ended.includes('alive'))
  })

  test('half-open: it is heard, and the answer is lost for good', async () => {
    const client = call()
    await answerTo(client, 'whole')
    const answers: string[] = []
    client.on('data', (piece) => answers.push(piece.toString()))
    proxy.set('half-open')
    client.write('unanswered')
    while (!echo.heard.includes('unanswered')) await systemClock.sleep(5)
    proxy.set('none')
    client.write('still unanswered')
    while (!echo.heard.includes('still unanswered')) await systemClock.sleep(5)
    assert.equal(await answerTo(call(), 'new'), 'heard new')
    assert.deepEqual(answers, [])
  })

  test('refused: a new connection is reset, those that are there go on', async () => {
    const client = call()
    await answerTo(client, 'first')
    proxy.set('refuse')
    const refused = connect(proxy.port, '127.0.0.1')
    await assert.rejects(once(refused, 'end'), /ECONNRESET/)
    assert.equal(await answerTo(client, 'second'), 'heard second')
  })

  test('a cut resets every connection now', async () => {
    const client = connect(proxy.port, '127.0.0.1')
    await answerTo(client, 'cut me')
    proxy.cut()
    await assert.rejects(once(client, 'end'), /ECONNRESET/)
  })
})
