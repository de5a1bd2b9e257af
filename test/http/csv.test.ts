import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvLine } from '../../src/http/csv.ts'

test('a line of CSV: plain cells as they are, others quoted, nothing for null', () => {
  assert.equal(csvLine([1, 'etl ran', null, '']), '1,etl ran,,\r\n')
  assert.equal(csvLine(['a,b', 'say "hi"', 'two\nlines', 'zwölf']), '"a,b","say ""hi""","two\nlines",zwölf\r\n')
  assert.equal(csvLine([]), '\r\n')
})

test('a spreadsheet runs nothing of it', () => {
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']) assert.equal(csvLine([formula]), `"'${formula}"\r\n`)
  assert.equal(csvLine(['=HYPERLINK("http://x","y")']), `"'=HYPERLINK(""http://x"",""y"")"\r\n`)
  assert.equal(csvLine([-1]), '-1\r\n')
})
