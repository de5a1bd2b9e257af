import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceOf, isDeviceOf } from '../../src/services/secrets.ts'

test('a known browser shows one text: nothing more, nothing less, of this person and this password', () => {
  const device = deviceOf(1, 'kept')
  assert.equal(isDeviceOf(device, 1, 'kept'), true)
  for (const other of [
    `${device}.0`,
    `${device}.`,
    `.${device}`,
    device.slice(0, -1),
    `${device}x`,
    device.split('.')[0] ?? '',
    '',
  ])
    assert.equal(isDeviceOf(other, 1, 'kept'), false, other)
  assert.equal(isDeviceOf(device, 2, 'kept'), false)
  assert.equal(isDeviceOf(device, 1, 'a new one'), false)
})
