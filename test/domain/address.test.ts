import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holderOf, isLoopback } from '../../src/domain/address.ts'

test('an IPv4 address stands for itself', () => assert.equal(holderOf('192.0.2.7'), '192.0.2.7'))

test('all IPv6 addresses of one /64 have one holder, however they are written', () => {
  for (const address of ['2001:db8:0:7::1', '2001:DB8:0:7:ffff:1:2:3', '2001:0db8:0000:0007::9', '2001:db8::7:0:0:0:1'])
    assert.equal(holderOf(address), '2001:db8:0:7::/64', address)
  assert.notEqual(holderOf('2001:db8:0:8::1'), holderOf('2001:db8:0:7::1'))
})

test('short and odd ones', () => {
  assert.equal(holderOf('::1'), '0:0:0:0::/64')
  assert.equal(holderOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
  assert.equal(holderOf('64:ff9b::192.0.2.7'), '64:ff9b:0:0::/64')
  assert.equal(holderOf('unknown'), 'unknown')
})

test('this machine itself', () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1']) assert.equal(isLoopback(address), true)
  for (const address of ['128.0.0.1', '::2', 'unknown', '12.7.0.0']) assert.equal(isLoopback(address), false)
})
