import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KINDS } from '../../src/channels/registry.ts'
import type { ChannelKind } from '../../src/domain/channel.ts'

const secretsOf = (kind: ChannelKind) => KINDS[kind]?.fields.filter(({ isSecret }) => isSecret).map(({ name }) => name)

test('whatever lets somebody else send, or read, is a secret', () => {
  assert.deepEqual(secretsOf('webhook'), ['headers', 'secret'])
  for (const kind of ['slack', 'teams', 'discord'] as const) assert.deepEqual(secretsOf(kind), ['url'])
  assert.deepEqual(secretsOf('telegram'), ['token'])
  assert.deepEqual(secretsOf('ntfy'), ['url', 'token'])
  assert.deepEqual(secretsOf('alertmanager'), [])
  assert.deepEqual(secretsOf('command'), [])
})

test('every field has a name of its own, words for people and a limit', () => {
  for (const kind of Object.values(KINDS)) {
    const names = kind.fields.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const { label, hint, longest } of kind.fields) {
      // The form writes the first letter large.
      assert.doesNotMatch(hint, /^(https?:|[a-z]+_)/, `${kind.label}: ${hint}`)
      assert.ok(label !== '' && hint !== '' && longest > 0, `${kind.label}: ${label}`)
    }
  }
})
