import assert from 'node:assert/strict'
import fc from 'fast-check'
import { toldOf } from '../../src/domain/routing.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { query } from '../store/contract/steps.ts'
import { BY } from '../support/author.ts'
import type { TestEngine } from '../support/engines.ts'
import { aChannel } from '../support/told.ts'
import { instant } from '../support/world.ts'
import { type Answer, aToldLife, type ToldLife } from './told-life.ts'

const START = instant('2026-03-02T10:00:00Z')
const JOBS = 6
/** Longer than dampers last and than what failed rests. */
const QUIET = 18
const CHANNELS = {
  ops: { events: ['job_0', 'job_1', 'job_2', 'job_3'] },
  team: { events: ['job_2', 'job_3', 'job_4'] },
  rest: null,
}

const job = fc.nat(JOBS - 1)
const channel = fc.constantFrom(...Object.keys(CHANNELS))
const answer = fc.constantFrom<Answer>('sent', 'again', 'later', 'never', 'dies', 'stumbles')
const some = fc.constantFrom(0, 0b111111, 0b000011, 0b110101, 0b001100, 0b011111)
const live = fc.record({ kind: fc.constant('live' as const), minutes: fc.integer({ min: 1, max: 4 }), affirmed: some })
/** Something that happens to jobs, channels, the process, or the clock. */
export const step = fc.oneof(
  { weight: 5, arbitrary: live },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flaps' as const), job }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answers' as const), channel, answer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fails' as const, 'late' as const), job }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edits' as const), job, after: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('pauses' as const, 'removes' as const, 'maintains' as const), job }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switches' as const), channel }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restarts' as const, 'sleeps' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does what it is told; `isRight` then lets all settle down, first with some missed and then with none, and holds what people were told against it. */
export async function aHistory(engine: TestEngine) {
  const url = await engine.url()
  const store = await engine.at(url)
  const life = aToldLife(store, START)
  const { world } = life
  for (const [name, match] of Object.entries(CHANNELS)) {
    const more =
      name === 'rest' ? { isDefault: true } : { when: ['missed', 'recovered', 'reminder'] as const, remindEvery: 5 * MINUTE }
    await aChannel(store, name, { ...more, match: match === null ? null : { ...match } })
  }
  const ids = new Map<number, number>()
  await life.live(1, async () => undefined)
  for (let i = 0; i < JOBS; i++) ids.set(i, (await world.expects(`job_${i}`, { lookback: '1m' })).id)

  const affirm = (mask: number) => async (): Promise<void> => {
    for (const i of ids.keys()) if ((mask >> i) % 2 === 1) await world.affirm(`job_${i}`, { source: i < 4 ? 'web-1' : 'web-2' })
  }
  const switchTo = async (name: string, isEnabled?: boolean): Promise<void> => {
    const found = (await store.channels()).find((one) => one.name === name)
    assert.ok(found)
    const isOn = isEnabled ?? !found.isEnabled
    if (!isOn) life.switchedOff(name)
    const { id, createdAt: _, failingSince: __, failures: ___, ...draft } = found
    await store.changeChannel(id, { ...draft, isEnabled: isOn }, { at: world.clock.now(), by: BY }, () => ({}))
  }
  const ofJob = async (i: number) => {
    const id = ids.get(i)
    return id === undefined ? null : world.declaring.expectation(id)
  }
  const resume = async (i: number): Promise<void> => {
    const found = await ofJob(i)
    if (found?.pausedAt != null) await world.declaring.resume(found, world.clock.now())
  }

  const does = async (one: Step): Promise<void> => {
    const now = world.clock.now()
    if (one.kind === 'live') await life.live(one.minutes, affirm(one.affirmed))
    if (one.kind === 'flaps')
      for (const mask of [0, 63, 0, 63]) await life.live(1, affirm(mask === 0 ? 63 & ~(1 << one.job) : 63))
    if (one.kind === 'answers') life.answers.set(one.channel, one.answer)
    if (one.kind === 'switches') await switchTo(one.channel)
    if (one.kind === 'restarts') life.restart()
    if (one.kind === 'sleeps') world.clock.set(now + 2 * HOUR)
    const found = 'job' in one ? await ofJob(one.job) : null
    if (found === null || !('job' in one)) return
    if (one.kind === 'fails') await world.affirm(`job_${one.job}`, { status: 'fail' })
    if (one.kind === 'late') await world.affirm(`job_${one.job}`, { at: now - 3 * MINUTE })
    if (one.kind === 'edits')
      await query(url, `update expectations set alert_after = ${one.after}, recover_after = ${one.after} where id = ${found.id}`)
    if (one.kind === 'pauses') await (found.pausedAt === null ? world.declaring.pause(found, now) : resume(one.job))
    if (one.kind === 'maintains' && !life.inMaintenance.delete(`job_${one.job}`)) life.inMaintenance.add(`job_${one.job}`)
    if (one.kind === 'removes' && ids.size > 2) {
      await world.declaring.remove(found, now)
      ids.delete(one.job)
    }
  }

  /** All is in order again, but that only `mask` is affirmed. */
  const settlesDown = async (mask: number): Promise<void> => {
    for (const name of Object.keys(CHANNELS)) {
      life.answers.set(name, 'sent')
      await switchTo(name, true)
    }
    life.inMaintenance.clear()
    for (const i of ids.keys()) await resume(i)
    await life.live(QUIET, affirm(mask))
  }

  const openOf = async (names: readonly string[]): Promise<Map<string, string[]>> => {
    const channels = await store.channels()
    const subjects = await store.subjects([...ids.values()])
    const open = await store.openIncidents([...ids.values()])
    const known = open.flatMap(({ expectation }) => {
      const subject = subjects.get(expectation)
      return subject === undefined ? [] : [subject]
    })
    return new Map(
      names.map((name) => [
        name,
        known.filter((subject) => toldOf(channels, subject, 'missed').some((one) => one.name === name)).map(({ event }) => event),
      ]),
    )
  }

  const isRight = async (): Promise<void> => {
    const names = Object.keys(CHANNELS)
    await settlesDown(0b001010)
    for (const [name, events] of await openOf(names)) {
      const thinks = life.readers.get(name)?.thinksMissed() ?? new Set()
      assert.deepEqual(
        events.filter((event) => !thinks.has(event)),
        [],
        `${name} is told of all that is open\n${tale(life)}`,
      )
    }
    await settlesDown(0b111111)
    assert.deepEqual(await store.openIncidents([...ids.values()]), [], 'all is met in the end')
    for (const name of names)
      assert.deepEqual(life.readers.get(name)?.openThreads() ?? [], [], `${name}: each has its end\n${tale(life)}`)
    const { items } = await store.deliveries({}, { limit: 10_000, cursor: null })
    for (const { kind, state, reason, heldBy } of items) {
      assert.ok(state === 'sent' || (state !== 'waiting' && reason !== null), `${kind} ends as ${state}, ${reason}`)
      assert.equal(heldBy, null, 'no damper holds anything')
    }
    assert.equal((await query(url, 'select * from tellings')).length, 0)
  }
  return { does, isRight }
}

const tale = ({ arrived }: ToldLife): string => arrived.join('\n')
