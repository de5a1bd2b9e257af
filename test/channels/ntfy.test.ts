import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ntfy } from '../../src/channels/ntfy.ts'
import { NTFY_TOKEN, ntfyFake } from './fakes/ntfy.ts'
import { MESSAGES } from './messages.ts'
import { assertAllArrive, assertJudged, assertTakesAnything, requestsFor, sentFor } from './telling.ts'

const telling = { kind: ntfy, settings: { url: 'https://ntfy.example.org/ops', token: NTFY_TOKEN }, fake: ntfyFake }

test('ntfy takes messages of every kind, and the worst one', () => assertAllArrive(telling))
test('ntfy takes whatever people wrote', () => assertTakesAnything(telling))

test('a message to ntfy: JSON to the root of the server, the topic in it', () => {
  const { url, headers, body } = sentFor(telling, { ...MESSAGES.missed, title: 'missed: Bücher (prod)' })
  assert.equal(url, 'https://ntfy.example.org/')
  assert.equal(headers.authorization, `Bearer ${NTFY_TOKEN}`)
  assert.deepEqual(body, {
    topic: 'ops',
    title: 'missed: Bücher (prod)',
    message: [
      'only 0 of 1 since 02:15 UTC',
      'at 03:00: at least 1 in the 45 minutes before',
      'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
    ].join('\n'),
    priority: 5,
    tags: ['rotating_light'],
    click: 'https://affirm.example.org/incidents/118',
  })
})

test('how loud it is follows from what it tells', () => {
  const loudness = (message: (typeof MESSAGES)['missed']) => Reflect.get(Object(sentFor(telling, message).body), 'priority')
  assert.equal(loudness({ ...MESSAGES.missed, severity: 'warning' }), 4)
  assert.equal(loudness(MESSAGES.recovered), 3)
  assert.equal(loudness(MESSAGES.blind), 3)
})

test('a topic that is open needs no token', () => {
  const [request] = requestsFor({ kind: ntfy, settings: { url: 'https://ntfy.sh/ops' } }, MESSAGES.missed)
  assert.ok(request && !('authorization' in request.headers))
})

test('an address that names no topic is refused', () => {
  const [field] = ntfy.fields
  assert.equal(field?.check?.('https://ntfy.sh/ops'), null)
  assert.match(field?.check?.('https://ntfy.sh/') ?? '', /has to end in the name of a topic/)
  assert.match(field?.check?.('https://ntfy.sh/a%20b') ?? '', /has to end in the name of a topic/)
})

test('what ntfy answers', () => {
  assertJudged(ntfy, [
    [200, '{"id":"hwQ2YpKdmg"}', 'sent'],
    [400, '{"code":40009,"http":400,"error":"invalid request: topic invalid"}', 'never'],
    [401, '{"code":40101,"http":401,"error":"unauthorized"}', 'never'],
    [403, '{"code":40301,"http":403,"error":"forbidden"}', 'never'],
    [413, '{"code":41303,"http":413,"error":"JSON body too large"}', 'never'],
    [429, '{"code":42901,"http":429,"error":"limit reached: too many requests"}', 'again'],
    [500, '{"code":50001,"http":500,"error":"internal server error"}', 'again'],
    [507, '', 'again'],
  ])
})
