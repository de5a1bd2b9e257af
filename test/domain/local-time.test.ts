import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readLocal, writeLocal } from '../../src/domain/local-time.ts'
import { iso, MINUTE } from '../../src/domain/time.ts'

const read = (text: string, zone: string): string | null => {
  const at = readLocal(text, zone)
  return at === null ? null : iso(at).slice(0, 16)
}

test('a time on the wall is read in its zone', () => {
  assert.equal(read('2026-03-04T22:00', 'UTC'), '2026-03-04T22:00')
  assert.equal(read(' 2026-03-04 22:00 ', 'Europe/Berlin'), '2026-03-04T21:00')
  assert.equal(read('2026-07-04T22:00:00', 'Asia/Kathmandu'), '2026-07-04T16:15')
})

test('what is no time is refused', () => {
  for (const text of ['', 'soon', '2026-02-30T01:00', '2026-03-04', '2026-03-04T25:00', '2026-03-04T22:00Z', '0000-01-01T00:00'])
    assert.equal(read(text, 'Europe/Berlin'), null, text)
})

test('a time that comes twice is the first one, a time that is left out comes later', () => {
  assert.equal(read('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30')
  assert.equal(read('2026-11-01T01:30', 'America/New_York'), '2026-11-01T05:30')
  assert.equal(read('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30')
  assert.equal(read('2026-03-08T02:30', 'America/New_York'), '2026-03-08T07:30')
})

test('what was written is read back, but for the hour that comes again', () => {
  const minutes = fc.integer({ min: Date.parse('2010-01-01') / MINUTE, max: Date.parse('2040-01-01') / MINUTE })
  fc.assert(
    fc.property(minutes, fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago'), (minute, zone) => {
      const written = writeLocal(minute * MINUTE, zone)
      const again = readLocal(written, zone)
      assert.ok(again !== null && again <= minute * MINUTE)
      assert.equal(writeLocal(again, zone), written)
    }),
    { numRuns: 500 },
  )
})
