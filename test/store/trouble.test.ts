import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isDatabaseTrouble, saidBy } from '../../src/store/trouble.ts'

const withCode = (code: string): Error => Object.assign(new Error('in other words'), { code })

describe('the trouble of a database is told from a bug of ours', () => {
  for (const [what, error] of [
    ['a statement that was not answered in time', new Error('Query read timeout')],
    [
      'a statement on a connection that broke before',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
    ['no connection in time', new Error('timeout exceeded when trying to connect')],
    ['a statement that PostgreSQL gave up', withCode('57014')],
    ['a lock that was not to be had', withCode('55P03')],
    ['a transaction that rested too long', withCode('25P03')],
    ['a database that may only be read', withCode('25006')],
    ['a backend that was terminated', withCode('57P01')],
  ] as const)
    test(`${what} is trouble, however it is wrapped`, () => {
      assert.ok(isDatabaseTrouble(new Error('Failed query', { cause: error })))
    })

  test('a mistake in a statement is a bug', () => {
    assert.ok(!isDatabaseTrouble(new Error('Failed query', { cause: withCode('42601') })))
  })
})

test('at a start people are told what the database said, not the statement that it was asked', () => {
  const wrapped = new Error('Failed query: CREATE SCHEMA', { cause: new Error('cannot execute it in a read-only transaction') })
  assert.equal(saidBy(wrapped), 'cannot execute it in a read-only transaction')
  assert.equal(saidBy(new AggregateError([new Error('no IPv6'), new Error('no IPv4')])), 'no IPv6; no IPv4')
})
