import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scheduleInWords } from '../../src/domain/schedule-words.ts'

describe('a schedule in words', () => {
  for (const [expression, words] of Object.entries({
    '0 1,7,16 * * 1-5': 'at 01:00, 07:00 and 16:00, Monday to Friday',
    '*/5 * * * *': 'every 5 minutes',
    '*/7 * * * *': 'every 7 minutes past each full hour',
    '* * * * *': 'every minute',
    '0 * * * *': 'every hour',
    '@hourly': 'every hour',
    '5 * * * *': 'at 5 minutes past every hour',
    '15,45 * * * *': 'at 15 and 45 minutes past every hour',
    '0 9 * * *': 'at 09:00 every day',
    '@midnight': 'at 00:00 every day',
    '05 04 * * *': 'at 04:05 every day',
    '5,5 4 * * *': 'at 04:05 every day',
    '0 */2 * * *': 'every 2 hours from 00:00',
    '0 */5 * * *': 'at 00:00, 05:00, 10:00, 15:00 and 20:00 every day',
    '0 9-17 * * mon-FRI': 'every hour from 09:00 to 17:00, Monday to Friday',
    '*/15 2 * * *': 'every 15 minutes from 02:00 to 02:59',
    '* */2 * * *': 'every minute of every second hour from 00:00',
    '* 1,7,16 * * 1-5': 'every minute of 01:00 to 01:59, 07:00 to 07:59 and 16:00 to 16:59, Monday to Friday',
    '10-20/5 1,2 * * *': 'at 01:10, 01:15, 01:20, 02:10, 02:15 and 02:20 every day',
    '0 15 */3 * *': 'at 15:00 every third day of the month',
    '0 9 */21 * *': 'at 09:00 every 21st day of the month',
    '0 0 * * 7': 'at 00:00, on Sunday',
    '0 0 * * 0,7': 'at 00:00, on Sunday',
    '0 0 * * fri-sun': 'at 00:00, Friday to Sunday',
    '0 9 * * 1-5/2': 'at 09:00, on Monday, Wednesday and Friday',
    '0 22 * * 5L': 'at 22:00, on the last Friday of the month',
    '0 8 * * 1#1,3#2': 'at 08:00, on the first Monday and second Wednesday of the month',
    '30 2 L * *': 'at 02:30, on the last day of the month',
    '0 0 13 * 5': 'at 00:00, on day 13 of the month and also on Friday',
    '0 0 */2 * 1': 'at 00:00 every second day of the month, but only on Monday',
    '0 0 13 * 0-6': 'at 00:00 every day',
    '0 0 1 */3 *': 'at 00:00, on day 1 of the month, in January, April, July and October',
    '0 0 * 6-8 *': 'at 00:00 every day, June to August',
    '0 0 1,15 1 *': 'at 00:00, on days 1 and 15 of the month, in January',
    'no schedule': 'no schedule',
  }))
    test(expression, () => assert.equal(scheduleInWords(expression), words))
})
