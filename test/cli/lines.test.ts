import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineTooLong, linesIn } from '../../src/cli/lines.ts'

const MIB = 1_048_576

async function* pieces(...all: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const one of all) yield Buffer.from(one)
}
async function linesOf(...all: (string | Uint8Array)[]): Promise<string[]> {
  const found: string[] = []
  for await (const line of linesIn(pieces(...all))) found.push(line)
  return found
}

test('lines come whole, wherever the pieces end', async () => {
  const [head, tail] = [Buffer.from('ł').subarray(0, 1), Buffer.from('ł').subarray(1)]
  assert.deepEqual(await linesOf('a', 'b\nc', '', '\n\nd\u2028e\n', head, tail, '\nend'), ['ab', 'c', '', 'd\u2028e', 'ł', 'end'])
  assert.deepEqual(await linesOf(), [])
  assert.deepEqual(await linesOf('a\n'), ['a'])
})

test('one of a mebibyte is taken, a longer one is not, nor read to its end', async () => {
  assert.deepEqual(await linesOf('x'.repeat(MIB), '\n', 'y'), ['x'.repeat(MIB), 'y'])
  await assert.rejects(linesOf(`${'x'.repeat(MIB + 1)}\n`), LineTooLong)
  let given = 0
  const endless = (async function* () {
    for (; given < 10_000; given += 1) yield Buffer.alloc(65_536, 32)
  })()
  await assert.rejects(async () => {
    for await (const _ of linesIn(endless)) assert.fail('there is no line')
  }, LineTooLong)
  assert.ok(given < 20, `${given} pieces`)
})
