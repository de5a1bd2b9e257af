import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { MINUTE, SECOND } from '../../src/domain/time.ts'
import { aNameFilters } from '../../src/services/name-filter.ts'

const NAMES = ['backup', 'Backup-west', 'a'.repeat(40)]
const SLOW = '/(a|a)*b/'
const TOO_SLOW = /takes too long to try; write a simpler pattern/
const TOO_MANY = /Too many patterns are tried at this moment/

/** The clock runs while a pattern is tried, and stands otherwise except where the test moves it. */
function filters() {
  let moved = 0
  const { of } = aNameFilters(() => systemClock.elapsed() + moved)
  return {
    finds: (q: string) => {
      const { matches, error } = of(q, NAMES)
      return { names: NAMES.filter(matches), error }
    },
    pass: (millis: number) => {
      moved += millis
    },
  }
}

describe('a search for names', () => {
  test('finds a text in any case, and a regular expression between slashes', () => {
    const { finds } = filters()
    assert.deepEqual(finds('').names, NAMES)
    assert.deepEqual(finds('BACK').names, ['backup', 'Backup-west'])
    assert.deepEqual(finds('/^back.*t$/'), { names: ['Backup-west'], error: null })
    assert.match(finds('/(/').error ?? '', /is not a regular expression: .*Unterminated group/)
  })

  test('that is too slow is cut off, remembered for a minute and refused at once in the same words', () => {
    const { finds, pass } = filters()
    const first = finds(SLOW)
    assert.match(first.error ?? '', TOO_SLOW)
    const start = systemClock.elapsed()
    for (let times = 0; times < 100; times += 1) assert.deepEqual(finds(SLOW), first)
    assert.ok(systemClock.elapsed() - start < 50)
    pass(MINUTE)
    const again = systemClock.elapsed()
    assert.deepEqual(finds(SLOW), first)
    assert.ok(systemClock.elapsed() - again >= 40, 'it is tried again')
  })

  test('patterns of everybody together take a tenth of a second within any second; plain texts are found all the while', () => {
    const { finds, pass } = filters()
    const start = systemClock.elapsed()
    const errors = Array.from({ length: 20 }, (_, i) => finds(`/(a|a)*b${i}/`).error ?? '')
    assert.ok(systemClock.elapsed() - start < 300)
    assert.match(errors[0] ?? '', TOO_SLOW)
    assert.match(errors[19] ?? '', TOO_MANY)
    assert.match(finds('/back/').error ?? '', TOO_MANY)
    assert.deepEqual(finds('back'), { names: ['backup', 'Backup-west'], error: null })
    pass(SECOND)
    assert.deepEqual(finds('/back/'), { names: ['backup', 'Backup-west'], error: null })
  })
})
