import fc from 'fast-check'
import { SEVERITIES } from '../../src/domain/channel.ts'
import {
  type AlertStep,
  MESSAGE_KINDS,
  type Message,
  type MessageIncident,
  type MessageItem,
  type MessageKind,
  type MessageSubject,
  type MessageVerdict,
} from '../../src/domain/message.ts'
import { MINUTE } from '../../src/domain/time.ts'

const AT = Date.parse('2026-03-02T03:05:00Z')
const URL_HERE = 'https://affirm.example.org/incidents/118'

const SUBJECT: MessageSubject = {
  expectation: 12,
  event: 'nightly_report',
  key: 'af_k3Jq8Zw2',
  env: 'prod',
  sentence: 'at 03:00: at least 1 in the 45 minutes before',
  description: 'Rerun it on etl-2; see https://wiki.example.org/nightly_report?a=1&b=2',
  tags: ['data-eng', 'money'],
  severity: 'critical',
}
const INCIDENT: MessageIncident = { id: 118, openedAt: AT - 5 * MINUTE, closedAt: null, acknowledgedBy: null, note: null }
const VERDICT: MessageVerdict = {
  due: AT - 5 * MINUTE,
  verdict: 'missed',
  reason: 'only 0 of 1',
  observed: 0,
  atLeast: 1,
  atMost: null,
  window: { from: AT - 50 * MINUTE, to: AT - 5 * MINUTE },
}

const itemsOf = (count: number): MessageItem[] =>
  Array.from({ length: count }, (_, place) => ({
    event: `job_${place}`,
    env: 'prod',
    text: 'only 0 of 1 since 03:00',
    url: `https://affirm.example.org/incidents/${place}`,
  }))

const aboutOne = (kind: MessageKind, alert: AlertStep, more: Partial<Message> = {}): Message => ({
  id: `msg_${kind}_1`,
  kind,
  at: AT,
  thread: 'incident-118',
  alert,
  severity: 'critical',
  title: `${kind}: nightly_report (prod)`,
  lines: ['only 0 of 1 since 02:15 UTC', SUBJECT.sentence, SUBJECT.description],
  url: URL_HERE,
  subject: SUBJECT,
  incident: INCIDENT,
  verdict: VERDICT,
  items: [],
  more: 0,
  ...more,
})

const aboutMany = (kind: MessageKind, alert: AlertStep): Message =>
  aboutOne(kind, alert, {
    thread: 'flood-7',
    title: `${kind}: 5000 expectations`,
    lines: ['5000 expectations were missed within two minutes.'],
    subject: null,
    incident: null,
    verdict: null,
    items: itemsOf(100),
    more: 4_900,
  })

const CLOSED: MessageIncident = { ...INCIDENT, closedAt: AT }
const TAKEN: MessageIncident = { ...INCIDENT, acknowledgedBy: 'user:ann', note: 'disk full on etl-2' }

/** One message of each kind, as they are in a quiet life. */
export const MESSAGES: Readonly<Record<MessageKind, Message>> = {
  missed: aboutOne('missed', 'opens'),
  recovered: aboutOne('recovered', 'closes', { incident: CLOSED }),
  reminder: aboutOne('reminder', 'stays'),
  acknowledged: aboutOne('acknowledged', 'acknowledges', { incident: TAKEN }),
  met: aboutOne('met', 'none', { incident: null }),
  flapping: aboutOne('flapping', 'stays'),
  settled: aboutOne('settled', 'closes', { incident: CLOSED }),
  flood: aboutMany('flood', 'opens'),
  'flood-over': aboutMany('flood-over', 'stays'),
  'flood-recovered': aboutMany('flood-recovered', 'closes'),
  blind: aboutMany('blind', 'none'),
  'blind-settled': aboutMany('blind-settled', 'none'),
  test: aboutOne('test', 'none', { lines: [], subject: null, incident: null, verdict: null }),
}

/** What somebody writes who wants a service to do something else. */
export const NASTY = [
  '<!channel> <!here> <@U012AB3CD> <https://evil.example|all is well>',
  '@everyone @here <@&1234> <@1234> <#5> <:x:1> <t:0>',
  '**bold** __under__ ~~gone~~ ||spoiler|| `code` ```\nblock\n``` > quote\n# heading\n- list\n[all is well](https://evil.example)',
  '<b>bold</b> <script>alert(1)</script> &amp; &lt;',
  '{{title}} $HOME $(id) `id` ; rm -rf / | cat " \' \\ \\" %s %n',
  '\u0000\u0001\u001b[31m\u007f\u0085\r\n\u2028\u202e\u2066\ufeff\ud800 \udc00',
  '👩‍👩‍👧‍👦'.repeat(40),
  '"\\'.repeat(300),
  '漢字'.repeat(300),
] as const

const hostileText = NASTY.join('\n')

/** As long and as strange as a message can be. */
export const HOSTILE: Message = {
  ...aboutMany('flood', 'opens'),
  title: hostileText.slice(0, 200),
  lines: [hostileText, ...NASTY, `${'x'.repeat(9_000)}${hostileText}`, hostileText.repeat(20)],
  subject: {
    ...SUBJECT,
    event: hostileText,
    env: hostileText,
    sentence: hostileText,
    description: hostileText.repeat(90),
    tags: [...NASTY],
  },
  incident: { ...INCIDENT, acknowledgedBy: hostileText, note: hostileText },
  verdict: { ...VERDICT, reason: hostileText },
  items: itemsOf(100).map((item, place) => ({ ...item, event: 'e'.repeat(128), text: NASTY[place % NASTY.length] ?? '' })),
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    ...NASTY,
    '',
    '"'.repeat(9_000),
    '😀'.repeat(2_500),
    '\ud83d'.repeat(4_200),
    '@'.repeat(4_096),
    '_*'.repeat(3_000),
  ),
)
const withEach = <T>(make: (text: string) => T) => text.map(make)

/** Messages of every kind whose texts may be anything. */
export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    message: fc.constantFrom(...MESSAGE_KINDS).map((kind) => MESSAGES[kind]),
    severity: fc.constantFrom(...SEVERITIES),
    title: text,
    lines: fc.array(text, { maxLength: 6 }),
    items: fc.array(
      withEach((words): MessageItem => ({ event: 'job', env: 'prod', text: words, url: URL_HERE })),
      { maxLength: 100 },
    ),
    more: fc.nat({ max: 100_000 }),
    subject: fc.option(withEach((words): MessageSubject => ({ ...SUBJECT, event: words, description: words, tags: [words] }))),
    note: text,
  })
  .map(({ message, note, ...rest }) => ({ ...message, ...rest, incident: message.incident && { ...message.incident, note } }))

export const NOW = AT + 2 * MINUTE
