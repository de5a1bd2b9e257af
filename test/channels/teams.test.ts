import assert from 'node:assert/strict'
import { test } from 'node:test'
import { teams } from '../../src/channels/teams.ts'
import { TEAMS_PATH, teamsFake } from './fakes/teams.ts'
import { MESSAGES } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, requestsFor, sentFor } from './telling.ts'

const telling = {
  kind: teams,
  settings: { url: `https://prod-01.westeurope.logic.azure.com${TEAMS_PATH}?api-version=2016-06-01&sig=abc` },
  fake: teamsFake,
}

test('Teams takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('Teams takes whatever people wrote', () => assertTakesAnything(telling))

test('a message to Teams: an Adaptive Card whose texts are never read as Markdown', () => {
  const run = (text: string, look = {}) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] })
  assert.deepEqual(sentFor(telling, MESSAGES.recovered).body, {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            run('recovered: nightly_report (prod)', { weight: 'Bolder', size: 'Medium', color: 'Good' }),
            run('only 0 of 1 since 02:15 UTC'),
            run('at 03:00: at least 1 in the 45 minutes before'),
            run('Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2'),
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open in affirmative', url: 'https://affirm.example.org/incidents/118' }],
        },
      },
    ],
  })
})

test('a flood lists what fits into 28 KB, and says how many more there are', () => {
  const [request] = requestsFor(telling, MESSAGES.flood)
  const listed = request?.body.match(/• job_\d+ \(prod\)/g)?.length ?? 0
  assert.ok(listed > 50)
  assert.ok(request?.body.includes(`… and ${5_000 - listed} more`))
})

test('what Teams answers; connectors of old say in a 200 that it failed', () => {
  const failed = (status: number) =>
    `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId x`
  assertJudged(teams, [
    [202, '', 'sent'],
    [200, '1', 'sent'],
    [200, failed(413), 'never'],
    [200, failed(429), 'again'],
    [200, failed(503), 'again'],
    [400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', 'never'],
    [401, '{"error":{"code":"DirectApiAuthorizationRequired"}}', 'never'],
    [404, '{"error":{"code":"WorkflowNotFound"}}', 'never'],
    [410, '', 'never'],
    [429, '', 'again'],
    [502, '<html>bad gateway</html>', 'again'],
  ])
})
