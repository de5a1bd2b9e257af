import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { command } from '../../src/channels/command.ts'
import type { Message, ProgramRequest } from '../../src/domain/message.ts'
import { wrongWithProgram } from './fakes/command.ts'
import { anyMessage, HOSTILE, MESSAGES, NASTY, NOW } from './messages.ts'
import { assertJudged } from './telling.ts'

const SETTINGS = { program: '/usr/local/bin/tell', args: ['--title={{title}}', '{{text}}', '{{note}}', 'fixed {{nothing}}'] }

function startedFor(message: Message, settings: { program: string; args: readonly string[] } = SETTINGS): ProgramRequest {
  const [started, ...more] = command.render(settings, message, NOW)
  assert.deepEqual(more, [])
  assert.equal(started?.via, 'program')
  return started as ProgramRequest
}

test('a program can be started for messages of every kind, and the worst one', () => {
  for (const message of [...Object.values(MESSAGES), HOSTILE]) assert.equal(wrongWithProgram(startedFor(message)), null)
})

test('a program can be started whatever people wrote', () => {
  fc.assert(
    fc.property(anyMessage, (message) => assert.equal(wrongWithProgram(startedFor(message)), null)),
    { numRuns: 100 },
  )
})

test('fields are filled into arguments, the message is on standard input and in variables', () => {
  const { args, env, input } = startedFor(MESSAGES.missed)
  assert.deepEqual(args.slice(0, 1), ['--title=missed: nightly_report (prod)'])
  assert.equal(args[3], 'fixed {{nothing}}')
  assert.equal(env.AFFIRMATIVE_MESSAGE_EVENT, 'nightly_report')
  assert.equal(env.AFFIRMATIVE_MESSAGE_AT_LEAST, '1')
  assert.equal(env.AFFIRMATIVE_MESSAGE_AT_MOST, '')
  assert.equal(Reflect.get(JSON.parse(input), 'id'), 'msg_missed_1')
})

const ECHO = 'process.stdout.write(JSON.stringify({ args: process.argv.slice(1), title: process.env.AFFIRMATIVE_MESSAGE_TITLE }))'

test('what people wrote stays one argument of a real program', () => {
  for (const note of NASTY) {
    const message = {
      ...MESSAGES.acknowledged,
      incident: { id: 1, openedAt: 0, closedAt: null, acknowledgedBy: 'user:ann', note },
    }
    const { program, args, env, input } = startedFor(message, {
      program: process.execPath,
      args: ['-e', ECHO, '--', '{{note}}', 'last'],
    })
    const { stdout, status } = spawnSync(program, args, { env: { ...env }, input, encoding: 'utf8' })
    assert.equal(status, 0)
    const told = JSON.parse(stdout) as { args: string[]; title: string }
    assert.equal(told.args.length, 2)
    assert.equal(told.args[1], 'last')
    assert.equal(told.title, message.title)
  }
})

test('what is refused when it is set up', () => {
  const [program, args] = command.fields
  assert.equal(program?.check?.('/usr/local/bin/tell'), null)
  assert.match(program?.check?.('tell; rm -rf /') ?? '', /whole path/)
  assert.equal(args?.check?.('--title={{title}}'), null)
  assert.match(args?.check?.('{{titel}}') ?? '', /names {{titel}}/)
  assert.match(args?.check?.('a\0b') ?? '', /control characters/)
})

test('what its exit status means', () => {
  assertJudged(command, [
    [0, 'told 3 people', 'sent'],
    [1, 'no network', 'again'],
    [64, 'usage: tell NAME', 'never'],
    [75, 'try again', 'again'],
    [126, '', 'never'],
    [127, '', 'never'],
    [137, '', 'again'],
  ])
})
