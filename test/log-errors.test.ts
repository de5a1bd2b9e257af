import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { lastWords } from '../src/last-words.ts'
import { aLogger } from '../src/log-errors.ts'

const SECRET = 'scrypt$17$c2FsdA$a2V5'
const STATEMENT = 'update "people" set "password" = $1 where "id" = $2'

/** As the driver of PostgreSQL says it, with a detail that repeats a value. */
const gone = () => Object.assign(new Error('terminating connection'), { code: '57P01', detail: `Key (password)=(${SECRET})` })
/** The value stands on two lines and looks like a place in the code. */
const failedQuery = () => new DrizzleQueryError(STATEMENT, [`first\n    at ${SECRET}`, 7], gone())

function logged(error: unknown): { line: string; err: Record<string, unknown> } {
  let line = ''
  const write = (text: string) => {
    line += text
  }
  aLogger('info', { write }).error({ err: error }, 'the database could not answer')
  return { line, err: JSON.parse(line).err }
}

describe('an error in the log', () => {
  test('of a statement that failed tells the statement and its cause, and none of its values', () => {
    const { line, err } = logged(failedQuery())
    assert.ok(!line.includes('params:'), line)
    assert.ok(!line.includes(SECRET), line)
    assert.equal(err.statement, STATEMENT)
    assert.match(String(err.stack), /\n {4}at failedQuery .*log-errors\.test/)
    const { type, code, message } = err.cause as Record<string, unknown>
    assert.deepEqual({ type, code, message }, { type: 'Error', code: '57P01', message: 'terminating connection' })
  })

  test('tells no values however deep it is wrapped', () => {
    const inner = failedQuery()
    const wrapped = [
      new Error('a tick failed', { cause: new Error('judging failed', { cause: inner }) }),
      new Error(`judging failed: ${inner.message}`, { cause: inner }),
      new AggregateError([inner, inner], 'all addresses failed'),
    ]
    for (const error of wrapped) {
      const { line } = logged(error)
      assert.ok(!line.includes('params:') && !line.includes(SECRET), line)
      assert.ok(line.includes('terminating connection'), line)
    }
  })

  test('that is its own cause is told to an end', () => {
    const circle = new Error('round')
    circle.cause = circle
    assert.equal(logged(circle).err.message, 'round')
  })

  test('without a message has its name once', () => {
    assert.match(String(logged(new AggregateError([], '')).err.stack), /^AggregateError: \n {4}at /)
  })

  test('that ends the program holds no values either', () => {
    assert.ok(!lastWords(failedQuery()).includes(SECRET))
    assert.match(lastWords(failedQuery()), /terminating connection/)
    assert.match(lastWords(new TypeError('a bug')), /^TypeError: a bug\n {4}at /)
  })
})
