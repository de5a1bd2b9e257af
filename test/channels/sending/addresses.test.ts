import assert from 'node:assert/strict'
import { BlockList, type LookupFunction } from 'node:net'
import { describe, test } from 'node:test'
import { guarded, mayReach, PrivateAddress } from '../../../src/channels/sending/addresses.ts'
import { blockList } from '../../../src/config.values.ts'

const NONE = new BlockList()
const ranges = (text: string) => blockList(text) ?? assert.fail(text)

describe('an address that is sent to', () => {
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])
    test(`is public: ${address}`, () => assert.ok(mayReach(address, NONE)))

  const REFUSED = {
    'this machine': ['127.0.0.1', '127.8.8.8', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1'],
    'a private network': [
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      'fd00::1',
      'fec0::1',
      '::ffff:10.0.0.1',
    ],
    'the link, where clouds keep their secrets': [
      '169.254.169.254',
      'fe80::1',
      'fe80::1%eth0',
      '::ffff:169.254.169.254',
      'fd00:ec2::254',
    ],
    'the host of a cloud': ['168.63.129.16', '100.100.100.200', '192.0.0.192'],
    'a translator or a tunnel': [
      '64:ff9b::7f00:1',
      '64:ff9b::8.8.8.8',
      '64:ff9b:1::1',
      '2002:7f00:1::',
      '2001::1',
      '::ffff:0:7f00:1',
    ],
    'nobody, or many': [
      '255.255.255.255',
      '224.0.0.1',
      '240.0.0.1',
      '198.18.0.1',
      '192.0.2.1',
      'ff02::1',
      '2001:db8::1',
      '4000::1',
      '100::1',
    ],
    'no address at all': ['', 'localhost', '127.1', '2130706433', '0x7f000001', '1.2.3.4.5', '::g'],
  }
  for (const [what, addresses] of Object.entries(REFUSED))
    test(`is not ${what}`, () => {
      for (const address of addresses) assert.equal(mayReach(address, NONE), false, address)
    })

  test('is a private one when its range is allowed, however it is written', () => {
    const allowed = ranges('10.1.0.0/16, fd00::/8, 127.0.0.1')
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', '127.0.0.1']) assert.ok(mayReach(address, allowed), address)
    for (const address of ['10.2.0.1', '::ffff:10.2.0.1', 'fe80::1', '127.0.0.2', '::1'])
      assert.equal(mayReach(address, allowed), false, address)
  })
})

describe('a name that is looked up', () => {
  const answering =
    (...addresses: string[]): LookupFunction =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
  const looked = (lookup: LookupFunction, all: boolean) =>
    new Promise<unknown>((resolve) => guarded(lookup, NONE)('a.example', { all }, (error, found) => resolve(error ?? found)))

  test('leads to all its addresses, or the first one, as it is asked', async () => {
    assert.deepEqual(await looked(answering('8.8.8.8', '2606:4700::1'), true), [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ])
    assert.equal(await looked(answering('8.8.8.8', '2606:4700::1'), false), '8.8.8.8')
  })

  test('leads nowhere when a single one of them is private', async () => {
    for (const private_ of ['10.0.0.1', '::ffff:127.0.0.1', '64:ff9b::a00:1'])
      for (const all of [true, false]) {
        const error = await looked(answering('8.8.8.8', private_), all)
        assert.ok(error instanceof PrivateAddress, private_)
        assert.equal(error.address, private_)
      }
  })

  test('leads nowhere when nobody knows it', async () => {
    const unknown = Object.assign(new Error('no'), { code: 'ENOTFOUND' })
    assert.equal(await looked((_name, _options, callback) => callback(unknown, []), true), unknown)
  })
})
