import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DAMPER_LIMITS } from '../../src/domain/damper.ts'
import type { Telling, Told } from '../../src/domain/delivery.ts'
import { type Facts, rule } from '../../src/domain/gate.ts'
import type { MessageKind } from '../../src/domain/message.ts'
import { MINUTE } from '../../src/domain/time.ts'

const NOW = Date.parse('2026-03-02T03:00Z')
const ON: Facts['channel'] = { when: ['missed', 'recovered'], isEnabled: true }
const FLAPPING = [1, 2, 3, 4, 5].map((minute) => NOW - minute * MINUTE)
const OPEN = { closedAt: null, acknowledgedBy: null }

const knows = (told: Told): Telling => ({
  channel: 1,
  expectation: 1,
  told,
  thread: 't',
  incident: 1,
  flood: told === 'flood' ? 1 : null,
  since: NOW,
  remindAt: null,
  about: {},
})

/** "send", "join", "flap", "wait", or why it is withheld, who holds it, and whether the channel forgets. */
function ruled(kind: MessageKind, facts: Partial<Facts> = {}): string {
  const plain: Facts = {
    delivery: { kind, said: null },
    channel: ON,
    telling: null,
    changes: [],
    incident: OPEN,
    maintenance: null,
    isFlooded: false,
    flood: null,
    isThere: true,
    isOurs: false,
  }
  const ruling = rule({ ...plain, ...facts }, NOW, DAMPER_LIMITS)
  if (ruling.kind !== 'withhold') return ruling.kind
  const { reason, heldBy, forget } = ruling
  return [reason, ...(heldBy === undefined ? [] : [`held by ${heldBy}`]), ...(forget ? ['forgotten'] : [])].join('; ')
}

type Case = [what: string, kind: MessageKind, facts: Partial<Facts>, becomes: string]
const off: Facts['channel'] = { when: ['missed'], isEnabled: false }
const sent = { told: 'sent', hasEnded: false } as const

const CASES: Case[] = [
  ['a channel that is gone', 'missed', { channel: null }, 'the channel was deleted'],
  ['a channel that is off', 'missed', { channel: off }, 'the channel is switched off'],
  ['a test that was cut off', 'test', {}, 'a test is tried once, and was cut off'],
  ['a miss', 'missed', {}, 'send'],
  [
    'a miss, for who is told of recoveries alone',
    'missed',
    { channel: { when: ['recovered'], isEnabled: true } },
    'this channel is not told of misses',
  ],
  ['a miss that the channel knows of', 'missed', { telling: knows('missed') }, 'the channel knows already'],
  ['a miss that it knows of with others', 'missed', { telling: knows('flood') }, 'the channel knows already'],
  ['a miss of what it knows to flap', 'missed', { telling: knows('flapping') }, 'it is flapping; held by flapping'],
  ['a miss that begins to flap', 'missed', { changes: FLAPPING }, 'flap'],
  ['a miss with one change less', 'missed', { changes: FLAPPING.slice(1) }, 'send'],
  ['a miss whose changes are long past', 'missed', { changes: FLAPPING.map((at) => at - 19 * MINUTE) }, 'send'],
  ['a miss in a maintenance', 'missed', { maintenance: 'new disks' }, 'new disks; held by maintenance'],
  [
    'a miss that flaps in a maintenance',
    'missed',
    { maintenance: 'new disks', changes: FLAPPING },
    'new disks; held by maintenance',
  ],
  ['one of many misses', 'missed', { isFlooded: true }, 'join'],
  ['one of many misses, which flaps', 'missed', { isFlooded: true, changes: FLAPPING }, 'flap'],
  [
    'a miss that may be there already',
    'missed',
    { delivery: { kind: 'missed', said: '500' }, maintenance: 'all', isFlooded: true, changes: FLAPPING },
    'send',
  ],
  [
    'a miss that may be there, to who knows',
    'missed',
    { delivery: { kind: 'missed', said: '500' }, telling: knows('missed') },
    'the channel knows already',
  ],
  ['a miss of our own', 'missed', { isOurs: true, maintenance: 'all', isFlooded: true, changes: FLAPPING }, 'send'],
  ['an end', 'recovered', { telling: knows('missed') }, 'send'],
  ['an end without a beginning', 'recovered', {}, 'the channel was not told that it was missed'],
  ['an end in the midst of flapping', 'recovered', { telling: knows('flapping') }, 'it is flapping'],
  ['an end of what flapped and is gone', 'recovered', { telling: knows('flapping'), isThere: false }, 'send'],
  ['an end that begins to flap', 'recovered', { telling: knows('missed'), changes: FLAPPING }, 'flap'],
  ['an end in a maintenance', 'recovered', { telling: knows('missed'), maintenance: 'new disks' }, 'send'],
  ['an end of one of many', 'recovered', { telling: knows('flood') }, 'told with others, in one message; forgotten'],
  [
    'an end, for who is told of misses alone',
    'recovered',
    { telling: knows('missed'), channel: { when: ['missed'], isEnabled: true } },
    'this channel is not told of recoveries; forgotten',
  ],
  [
    'an end of our own trouble',
    'recovered',
    { telling: knows('missed'), isOurs: true, changes: FLAPPING, channel: { when: ['missed'], isEnabled: true } },
    'send',
  ],
  ['that it flaps', 'flapping', {}, 'send'],
  ['that it flaps, where it was missed', 'flapping', { telling: knows('missed') }, 'send'],
  ['that it flaps, once more', 'flapping', { telling: knows('flapping') }, 'it was told already that it is flapping'],
  ['what it came to', 'settled', { telling: knows('flapping') }, 'send'],
  ['what it came to, twice', 'settled', {}, 'it was not told that it is flapping'],
  ['a reminder', 'reminder', { telling: knows('missed') }, 'send'],
  [
    'a reminder of what is over',
    'reminder',
    { telling: knows('missed'), incident: { closedAt: NOW, acknowledgedBy: null } },
    'it was over before it was sent',
  ],
  ['a reminder of what is gone', 'reminder', { telling: knows('missed'), incident: null }, 'it was over before it was sent'],
  ['a reminder in a maintenance', 'reminder', { telling: knows('missed'), maintenance: 'new disks' }, 'new disks'],
  ['a reminder to who knows nothing', 'reminder', {}, 'it was over before it was sent'],
  [
    'a reminder of what somebody has',
    'reminder',
    { telling: knows('missed'), incident: { closedAt: null, acknowledgedBy: 'user:ann' } },
    'somebody has it',
  ],
  [
    'that somebody has it',
    'acknowledged',
    { telling: knows('missed'), incident: { closedAt: null, acknowledgedBy: 'user:ann' } },
    'send',
  ],
  [
    'that somebody had it',
    'acknowledged',
    { telling: knows('missed'), incident: { closedAt: NOW, acknowledgedBy: 'user:ann' } },
    'it was over before it was sent',
  ],
  ['what is met', 'met', { channel: { when: ['met'], isEnabled: true } }, 'send'],
  ['what is met, to who did not ask for it', 'met', {}, 'this channel is not told of what is met'],
  ['a flood', 'flood', {}, 'send'],
  ['that a flood is over', 'flood-over', { flood: sent }, 'send'],
  [
    'that a flood is over, and it has ended',
    'flood-over',
    { flood: { told: 'sent', hasEnded: true } },
    'all were met before it was sent',
  ],
  ['that all are met', 'flood-recovered', { flood: { told: 'sent', hasEnded: true } }, 'send'],
  ['that all are met, before they were told', 'flood-recovered', { flood: { told: 'waiting', hasEnded: true } }, 'wait'],
  [
    'that all are met, of a flood that failed',
    'flood-recovered',
    { flood: { told: 'failed', hasEnded: true } },
    'the channel was not told that they were missed',
  ],
  ['that a flood is over, of one that is gone', 'flood-over', { flood: null }, 'the channel was not told that they were missed'],
  ['our blindness', 'blind', { maintenance: 'all', isFlooded: true }, 'send'],
  ['news of it', 'blind-settled', {}, 'send'],
]

describe('what becomes of a delivery', () => {
  for (const [what, kind, facts, becomes] of CASES) test(`${what}: ${becomes}`, () => assert.equal(ruled(kind, facts), becomes))
})
