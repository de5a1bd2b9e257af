import assert from 'node:assert/strict'
import { test } from 'node:test'
import { discord } from '../../src/channels/discord.ts'
import { DISCORD_PATH, discordFake } from './fakes/discord.ts'
import { MESSAGES } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, sentFor } from './telling.ts'

const telling = { kind: discord, settings: { url: `https://discord.com${DISCORD_PATH}` }, fake: discordFake }

test('Discord takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Discord takes whatever people wrote', () => assertTakesAnything(telling))

test('a message to Discord: Markdown of people is escaped, their addresses still lead where they led, and nobody is mentioned', () => {
  assert.deepEqual(sentFor(telling, MESSAGES.missed).body, {
    content: 'missed: nightly\\_report (prod)',
    embeds: [
      {
        title: 'Open in affirmative',
        url: 'https://affirm.example.org/incidents/118',
        description: [
          'only 0 of 1 since 02:15 UTC',
          'at 03:00: at least 1 in the 45 minutes before',
          'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
        ].join('\n'),
        color: 0xb3261e,
        timestamp: '2026-03-02T03:05:00.000Z',
      },
    ],
    allowed_mentions: { parse: [] },
  })
})

test('lists, quotes and headings are none at the beginning of a line either', () => {
  const { body } = sentFor(telling, { ...MESSAGES.test, lines: ['# a', '  > b', '- c', '-# d', '5 > 4 - 1'] })
  const [embed] = Reflect.get(Object(body), 'embeds')
  assert.equal(embed.description, ['\\# a', '  \\> b', '\\- c', '\\-# d', '5 > 4 - 1'].join('\n'))
})

test('what Discord answers; how long to wait is in the body, in seconds', () => {
  assertJudged(discord, [
    [204, '', 'sent'],
    [200, '{"id":"1"}', 'sent'],
    [400, '{"message":"Invalid Form Body","code":50035}', 'never'],
    [401, '{"message":"Invalid Webhook Token","code":50027}', 'never'],
    [404, '{"message":"Unknown Webhook","code":10015}', 'never'],
    [429, '{"message":"You are being rate limited.","retry_after":1.336,"global":false}', 'again', 1_336],
    [429, '{"retry_after":"soon"}', 'again', null],
    [429, 'error code: 1015', 'again', null],
    [500, '{"retry_after":', 'again', null],
  ])
})
