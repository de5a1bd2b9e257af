import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aProgress } from '../../src/cli/progress.ts'
import { SECOND } from '../../src/domain/time.ts'
import type { CopyProgress } from '../../src/store/copy.ts'

const at = (rows: number, more: { before?: number } = {}): CopyProgress => ({
  step: 'copying',
  table: 'affirmations',
  rows,
  of: 10_000_000,
  done: rows + 1_000,
  all: 10_001_000,
  before: 0,
  ...more,
})

/** What is printed while a clock goes on that only the test moves. */
function watched({ isTTY, isJson = false, columns }: { isTTY: boolean; isJson?: boolean; columns?: number }) {
  let now = 0
  const printed: string[] = []
  const out = { isTTY, columns, write: (text: string) => printed.push(text) }
  const progress = aProgress(out, isJson, () => now)
  const pass = (seconds: number) => {
    now += seconds * SECOND
  }
  return { ...progress, printed, pass }
}

describe('the progress of a copy', () => {
  test('is one line on a terminal, written over ten times a second at most', () => {
    const { tell, done, pass, printed } = watched({ isTTY: true, columns: 120 })
    tell(at(0))
    pass(0.05)
    tell(at(4_000))
    pass(9.95)
    tell(at(2_000_000))
    pass(90)
    done(10_001_000)
    assert.deepEqual(printed, [
      '\r[░░░░░░░░░░░░░░░░░░░░] affirmations: 0 of 10,000,000 · 0 % of all rows\x1b[K',
      '\r[████░░░░░░░░░░░░░░░░] affirmations: 2,000,000 of 10,000,000 · 20 % of all rows · 200,100 rows/s · 40 s left\x1b[K',
      '\rDone: 10,001,000 rows in 1 min 40 s; both sides agree.\x1b[K',
      '\n',
    ])
  })

  test('is cut where the terminal ends, so that it stays one line', () => {
    const { tell, pass, printed } = watched({ isTTY: true, columns: 40 })
    tell(at(0))
    pass(10)
    tell(at(2_000_000))
    assert.deepEqual(
      printed.map((text) => text.replace('\r', '').replace('\x1b[K', '').length <= 39),
      [true, true],
    )
  })

  test('is a line every five seconds without a terminal', () => {
    const { tell, pass, printed } = watched({ isTTY: false })
    tell({ step: 'counting' })
    for (let rows = 0; rows < 3_000_000; rows += 250_000) {
      tell(at(rows))
      pass(1)
    }
    tell({ step: 'indexing' })
    assert.deepEqual(printed, [
      'Counting what there is …\n',
      'affirmations: 0 of 10,000,000 · 0 % of all rows\n',
      'affirmations: 1,250,000 of 10,000,000 · 12 % of all rows · 250,200 rows/s · 35 s left\n',
      'affirmations: 2,500,000 of 10,000,000 · 25 % of all rows · 250,100 rows/s · 30 s left\n',
      'Making the indexes …\n',
    ])
  })

  test('goes by the rows of this try alone: those that were there before took it no time', () => {
    const { tell, pass, printed } = watched({ isTTY: false })
    tell(at(8_000_000, { before: 8_001_000 }))
    pass(10)
    tell(at(9_000_000, { before: 8_001_000 }))
    assert.match(printed[0] ?? '', /80 % of all rows\n$/)
    assert.match(printed[1] ?? '', /90 % of all rows · 100,000 rows\/s · 10 s left\n$/)
  })

  test('is one JSON object a line when asked for, on a terminal, too', () => {
    const { tell, done, breakOff, pass, printed } = watched({ isTTY: true, isJson: true })
    tell({ step: 'counting' })
    tell(at(0))
    pass(10)
    tell(at(2_000_000))
    done(7)
    breakOff()
    assert.ok(printed.every((text) => text.endsWith('}\n')))
    assert.deepEqual(
      printed.map((text) => JSON.parse(text)),
      [
        { step: 'counting' },
        {
          step: 'copying',
          table: 'affirmations',
          rows: 0,
          of: 10_000_000,
          done: 1_000,
          all: 10_001_000,
          percent: 0,
          rowsPerSecond: null,
          secondsLeft: null,
        },
        {
          step: 'copying',
          table: 'affirmations',
          rows: 2_000_000,
          of: 10_000_000,
          done: 2_001_000,
          all: 10_001_000,
          percent: 20,
          rowsPerSecond: 200_100,
          secondsLeft: 40,
        },
        { step: 'done', rows: 7, seconds: 10 },
      ],
    )
  })
})
