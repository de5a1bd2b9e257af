import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readCron } from '../../src/domain/cron.ts'
import { checkSchedule } from '../../src/domain/cron-fields.ts'
import { dueAfter, dueAtOrBefore } from '../../src/domain/schedule.ts'
import { scheduleInWords } from '../../src/domain/schedule-words.ts'
import { checkTimeZone } from '../../src/domain/zone.ts'

const DAY_OF_WEEK = 'write 0 to 7 or SUN to SAT (0 and 7 are Sunday), 5L for the last Friday, 5#3 for the third.'

describe('a wrong schedule is told its field, what is wrong and what would be right', () => {
  for (const [expression, sentence] of Object.entries({
    '0 30 * * *': 'The hour field "30" is out of range: write 0 to 23.',
    '61 * * * *': 'The minute field "61" is out of range: write 0 to 59.',
    '1,75 * * * *': 'The minute field "1,75", at "75", is out of range: write 0 to 59.',
    '*/0 * * * *': 'The minute field "*/0" has the step "0": write 1 to 59 after the /.',
    '*/61 * * * *': 'The minute field "*/61" has the step "61": write 1 to 59 after the /.',
    '0 0 */ * *': 'The day of month field "*/" has the step "": write 1 to 31 after the /.',
    '0 22-2 * * *': 'The hour field "22-2" has a range that runs backwards: write 22-23,0-2.',
    '0 0 * nov-feb *': 'The month field "NOV-FEB" has a range that runs backwards: write 11-12,1-2.',
    '0 0 * * 6-1': 'The day of week field "6-1" has a range that runs backwards: write 6-7,1.',
    '0 0 * * 7-2': 'The day of week field "7-2" has a range that runs backwards: write 0-2.',
    '1,,2 * * * *': 'The minute field "1,,2" has an empty part: write 0 to 59, and one comma between two of them.',
    'H 2 * * *': 'The minute field "H" uses H, which only Jenkins knows: write 0 to 59.',
    '0 0 ? * 1': 'The day of month field "?" uses ?, which is not known here: write * for any.',
    '0 0 15W * *':
      'The day of month field "15W" asks for the nearest working day (W), which is not known here: write 1 to 31, or L for the last day.',
    '0 0 LW * *':
      'The day of month field "LW" asks for the nearest working day (W), which is not known here: write 1 to 31, or L for the last day.',
    '0 0 L-3 * *':
      'The day of month field "L-3" counts back from the last day, which is not known here: write 1 to 31, or L for the last day.',
    '0 0 1/2/3 * *': 'The day of month field "1/2/3" has two steps: write one / at most.',
    '0 0 0 * *': 'The day of month field "0" is out of range: write 1 to 31, or L for the last day.',
    '0 0 * 13 *': 'The month field "13" is out of range: write 1 to 12 or JAN to DEC.',
    '0 0 * foo *': 'The month field "FOO" is not understood: write 1 to 12 or JAN to DEC.',
    '0 0 * * 8': `The day of week field "8" is out of range: ${DAY_OF_WEEK}`,
    '0 0 * * L': `The day of week field "L" is not understood: ${DAY_OF_WEEK}`,
    '0 0 * * 5#6': `The day of week field "5#6" uses # in a way that is not understood: ${DAY_OF_WEEK}`,
    '* * * *': 'A schedule has five fields (minute, hour, day of month, month, day of week, like 0 7 * * 1-5); this one has 4.',
    '0 0 30 2 *': 'This never fires: February has no day 30.',
    '0 0 31 2,4,jun *': 'This never fires: February, April and June have no day 31.',
    '0 0 30 2 */2': 'This never fires: February has no day 30.',
    '0 0 */3 2 1#5': 'This never fires: the days of month and of week that it names never fall together.',
  }))
    test(expression, () => assert.equal(checkSchedule(expression), sentence))

  for (const [expression, part] of [
    ['', /five fields.*empty/],
    ['   ', /empty/],
    ['* * * * * *', /has 6; leave out the seconds/],
    ['@reboot', /"@reboot" is not known.*@yearly.*@hourly/],
    ['@every 5m', /is not known/],
    ['@hourl', /write @hourly/],
    ['0 7 * * *\n', /one line/],
    ['0 7 * * *\u0000', /one line/],
    ['0\u00a07 * * *', /one line/],
    ['０ 7 * * *', /one line/],
    [`0 7 * * ${'1,'.repeat(100)}1`, /at most 200/],
    ['-1 * * * *', /minute field/],
    ['1e1 * * * *', /minute field/],
    ['1.5 * * * *', /minute field/],
    ['5- * * * *', /minute field/],
    ['*5 * * * *', /minute field/],
    ['0 0 L/2 * *', /day of month field/],
    ['0 0 15-L * *', /day of month field/],
    ['0 0 * * 1-5#2', /day of week field/],
  ] as const)
    test(JSON.stringify(expression.slice(0, 30)), () => assert.match(checkSchedule(expression) ?? 'accepted', part))
})

describe('what cron people write is accepted, and due', () => {
  for (const expression of [
    ...['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly', '@Daily'],
    ...['0 7 * JAN,mar-May Mon-FRI', '0 0 * * fri-sun', '0 0 * * 0,7', '0 0 * * 1-5,fri', '1,1 * * * *', '05 04 * * *'],
    ...['0 0 L * *', '0 0 1,L * *', '0 8 * * 5L', '0 8 * * friL', '0 8 * * FRI#3', '0 8 * * 1#1,3#2,5L,0', '0 0 * 2 1#5'],
    ...['5/15 * * * *', '0-30/10 9-17/2 1-15/3 */3 1-5/2', '0 0 29 2 *', '0 0 30 2 1', '  0  7 * * *  '],
  ])
    test(expression, () => {
      assert.equal(checkSchedule(expression), null)
      const due = dueAfter({ expression, timeZone: 'UTC' }, 0)
      assert.ok(due !== null && dueAtOrBefore({ expression, timeZone: 'UTC' }, due) === due)
    })
})

test('whatever is accepted can be read and said, whatever is refused is refused in one sentence', () => {
  const scrap = fc.constantFrom(...'0 1 5 7 12 31 59 60 * / - , # L W ? H @ mon SUN fri jan'.split(' '))
  const scraps = fc.array(scrap, { minLength: 1, maxLength: 3 }).map((some) => some.join(''))
  const field = fc.oneof(
    { weight: 2, arbitrary: scraps },
    { weight: 3, arbitrary: fc.constantFrom('*', '1', '5,7', '1-5', '*/2') },
  )
  let accepted = 0
  fc.assert(
    fc.property(fc.array(field, { minLength: 5, maxLength: 5 }), (fields) => {
      const trouble = checkSchedule(fields.join(' '))
      if (trouble !== null) return assert.match(trouble, /^[A-Z"].*\.$/)
      accepted += 1
      assert.ok(readCron(fields.join(' ')).minutes.length > 0)
      assert.doesNotMatch(scheduleInWords(fields.join(' ')), /undefined|null|NaN|^[A-Z]|\.$/)
    }),
    { numRuns: 5_000 },
  )
  assert.ok(accepted > 100, `${accepted} accepted`)
})

describe('time zones are those of the IANA database', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'EST', 'US/Eastern'])
    test(zone, () => assert.equal(checkTimeZone(zone), null))

  for (const zone of [
    '',
    ' ',
    '+05:30',
    '-08:00',
    'Mars/Phobos',
    'GMT+1',
    'PST',
    'BST',
    'ist',
    'SystemV/AST4',
    'Europe/Berlin\0',
    'x'.repeat(300),
  ])
    test(`not ${JSON.stringify(zone.slice(0, 20))}`, () =>
      assert.match(checkTimeZone(zone) ?? 'accepted', /is not an IANA time zone: .*[.?]$/))

  test('a mistyped one is told the nearest', () =>
    assert.equal(checkTimeZone('Europe/Berln'), '"Europe/Berln" is not an IANA time zone: did you mean Europe/Berlin?'))
})
