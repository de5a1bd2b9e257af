import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KINDS } from '../../src/channels/registry.ts'
import { blockList } from '../../src/config.values.ts'
import type { ChannelKind } from '../../src/domain/channel.ts'
import { MASK } from '../../src/domain/secret.ts'
import { channelWarnings } from '../../src/services/channel-warnings.ts'

const ALLOWED = {
  addresses: blockList('10.1.0.0/16') ?? assert.fail(),
  commands: new Set(['/usr/local/bin/tell']),
  variables: { AFFIRMATIVE_SECRET_SET: 'x', AFFIRMATIVE_SECRET_EMPTY: '' },
}
const warned = (kind: ChannelKind, settings: Record<string, unknown>): string[] =>
  channelWarnings(kind, settings, KINDS[kind].fields, ALLOWED).map(({ path, detail }) => `${path}: ${detail}`)

test('a program that the operator did not list is told of', () => {
  assert.deepEqual(warned('command', { program: '/usr/local/bin/tell' }), [])
  assert.match(warned('command', { program: '/bin/sh' }).join(), /^settings\.program: is not among AFFIRMATIVE_COMMANDS/)
})

test('so is a private address, however it is written, and not a name or what is allowed', () => {
  for (const url of ['http://127.0.0.1:8080/x', 'http://2130706433/', 'http://[::1]/', 'http://10.2.0.1/'])
    assert.match(warned('webhook', { url }).join(), /^settings\.url: \S+ is a private address: .*ALLOW_PRIVATE/, url)
  for (const url of ['http://10.1.2.3/', 'https://8.8.8.8/', 'https://hooks.example/'])
    assert.deepEqual(warned('webhook', { url }), [], url)
})

test('and a variable that is not set; a secret, a file and what is kept are not looked at', () => {
  const url = 'https://hooks.example/'
  for (const name of ['AFFIRMATIVE_SECRET_OTHER', 'AFFIRMATIVE_SECRET_EMPTY'])
    assert.deepEqual(warned('webhook', { url, headers: { authorization: `env:${name}` } }), [
      `settings.headers.authorization: the variable ${name} is not set in this server: nothing can be sent without it`,
    ])
  for (const secret of ['env:AFFIRMATIVE_SECRET_SET', 'file:hook', MASK, 'whsec_x'])
    assert.deepEqual(warned('webhook', { url, secret }), [], secret)
})
