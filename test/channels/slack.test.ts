import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slack } from '../../src/channels/slack.ts'
import { SLACK_PATH, slackFake } from './fakes/slack.ts'
import { HOSTILE, MESSAGES } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, requestsFor, sentFor } from './telling.ts'

const telling = { kind: slack, settings: { url: `https://hooks.slack.com${SLACK_PATH}` }, fake: slackFake }

test('Slack takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Slack takes whatever people wrote', () => assertTakesAnything(telling))

test('a message to Slack: the title, and beside a bar in the colour of its severity the lines and a link', () => {
  assert.deepEqual(sentFor(telling, MESSAGES.missed).body, {
    text: 'missed: nightly_report (prod)',
    mrkdwn: false,
    unfurl_links: false,
    attachments: [
      {
        color: '#b3261e',
        blocks: [
          {
            type: 'section',
            text: {
              type: 'plain_text',
              text: [
                'only 0 of 1 since 02:15 UTC',
                'at 03:00: at least 1 in the 45 minutes before',
                'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&amp;b=2',
              ].join('\n'),
              emoji: false,
            },
          },
          {
            type: 'context',
            elements: [
              {
                type: 'mrkdwn',
                text: '<https://affirm.example.org/incidents/118|Open in affirmative>',
                verbatim: true,
              },
            ],
          },
        ],
      },
    ],
  })
})

test('nobody is called in Slack by what people wrote', () => {
  const [request] = requestsFor(telling, HOSTILE)
  assert.ok(request)
  assert.ok(request.body.includes('&lt;!channel&gt;'))
  assert.ok(!request.body.includes('<!channel>') && !request.body.includes('<@U012AB3CD>'))
})

test('a flood lists what fits, and says how many more there are', () => {
  const [request] = requestsFor(telling, MESSAGES.flood)
  const listed = request?.body.match(/• job_\d+ \(prod\)/g)?.length ?? 0
  assert.ok(listed > 20 && listed < 100)
  assert.ok(request?.body.includes(`… and ${5_000 - listed} more`))
})

test('what Slack answers', () => {
  assertJudged(slack, [
    [200, 'ok', 'sent'],
    [200, '{"success":true}', 'sent'],
    [200, '<!doctype html><title>Sign in to the network</title>', 'again'],
    [302, '', 'never'],
    [400, 'invalid_blocks', 'never'],
    [403, 'action_prohibited', 'never'],
    [404, 'no_service', 'never'],
    [410, 'channel_is_archived', 'never'],
    [429, 'rate_limited', 'again'],
    [500, 'rollup_error', 'again'],
  ])
})
