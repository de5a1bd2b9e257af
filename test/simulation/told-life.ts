import type { Channel } from '../../src/domain/channel.ts'
import type { DamperLimits } from '../../src/domain/damper.ts'
import type { Message, Sent } from '../../src/domain/message.ts'
import { MINUTE, type Millis, SECOND } from '../../src/domain/time.ts'
import { aComposing } from '../../src/services/composing.ts'
import { aDelivering, type Delivering } from '../../src/services/deliver.ts'
import type { Tell } from '../../src/services/tell.ts'
import type { Store } from '../../src/store/store.ts'
import { aWorld, type World } from '../support/world.ts'
import { withLazyLedger } from './quick-world.ts'
import { aReader, type Reader } from './reader.ts'

/** Smaller than what is usual, so that a short history knows all of them. */
const LIMITS: DamperLimits = {
  flapping: { changes: 4, within: 10 * MINUTE, steady: 6 * MINUTE },
  flood: { ofSource: 2, sourceWithin: MINUTE, ofAll: 4, allWithin: 2 * MINUTE, quiet: 2 * MINUTE },
}
/** After each full minute it is judged; then the outbox is looked at when what waits for others has waited. A beat at least every 15 seconds. */
const BEATS = [2, 7, 20, 35, 50].map((second) => second * SECOND)
const LOOKS = [7, 20].map((second) => second * SECOND)

/** `dies`: it arrived and nobody noted so; `stumbles`: it never left. Both end the process. */
export type Answer = 'sent' | 'again' | 'later' | 'never' | 'dies' | 'stumbles'
const SENT: Record<Exclude<Answer, 'dies' | 'stumbles'>, Sent> = {
  sent: { kind: 'sent', said: '200' },
  again: { kind: 'again', said: '500', after: null },
  later: { kind: 'again', said: '429', after: 2 * MINUTE },
  never: { kind: 'never', said: '410' },
}

/** A world whose people read what they are told. */
export type ToldLife = {
  world: World
  answers: Map<string, Answer>
  inMaintenance: Set<string>
  readers: Map<string, Reader>
  /** All that arrived, in words: for whoever reads a failure. */
  arrived: string[]
  switchedOff(channel: string): void
  /** The minutes pass; `affirms` is asked in each. */
  live(minutes: number, affirms: () => Promise<void>): Promise<void>
  /** Ends the process and starts another one. */
  restart(): void
}

export function aToldLife(real: Store, start: Millis): ToldLife {
  const { store } = withLazyLedger(real)
  const world = aWorld(store, start)
  const diedWith = new Set<string>()
  const onItsWay = new Set<string>()
  let delivering: Delivering
  let hasDied = false

  const readerOf = ({ name }: Channel): Reader => {
    const reader = life.readers.get(name) ?? aReader(name)
    life.readers.set(name, reader)
    return reader
  }
  const arrives = (channel: Channel, message: Message): void => {
    life.arrived.push(`${new Date(world.clock.now()).toISOString().slice(11, 19)} ${channel.name}: ${message.title}`)
    readerOf(channel).reads(message, diedWith.has(message.id))
  }
  const tell: Tell = async (channel, message) => {
    const answer = life.answers.get(channel.name) ?? 'sent'
    if (answer === 'dies') {
      arrives(channel, message)
      diedWith.add(message.id)
      onItsWay.add(message.id)
    }
    if (answer === 'dies' || answer === 'stumbles') {
      hasDied = true
      throw new Error('the process ended')
    }
    if (answer === 'sent') {
      arrives(channel, message)
      onItsWay.delete(message.id)
    }
    if (answer === 'never') readerOf(channel).isRefused(message)
    return SENT[answer]
  }
  const build = (): void => {
    delivering = aDelivering({
      store,
      compose: aComposing(store, { base: 'https://affirm.example.org', timeZone: 'UTC', limits: LIMITS }),
      tell,
      inMaintenance: async () => (subject) => (life.inMaintenance.has(subject.event) ? 'in maintenance' : null),
      isJudged: (now) => now - (world.health.lastJudged() ?? 0) <= 2 * MINUTE,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      now: world.clock.now,
      elapsed: world.clock.now,
      random: () => 0.5,
      limits: LIMITS,
      onSettled: () => undefined,
    })
  }
  const look = async (): Promise<void> => {
    await delivering.loop.tick(world.clock.now())
    await delivering.settled()
    if (hasDied) life.restart()
  }

  const life: ToldLife = {
    world,
    answers: new Map(),
    inMaintenance: new Set(),
    readers: new Map(),
    arrived: [],
    switchedOff: (name) => life.readers.get(name)?.isSwitchedOff(onItsWay),
    live: async (minutes, affirms) => {
      for (let minute = 0; minute < minutes; minute++) {
        const begun = Math.floor(world.clock.now() / MINUTE) * MINUTE + MINUTE
        for (const second of BEATS) {
          world.clock.set(begun + second)
          await world.listening.tick(world.clock.now())
          if (second === BEATS[0]) await world.tick()
          if (LOOKS.includes(second)) await look()
        }
        await affirms()
      }
    },
    restart: () => {
      hasDied = false
      for (const [name, answer] of life.answers) if (answer === 'dies' || answer === 'stumbles') life.answers.set(name, 'sent')
      world.restart()
      build()
    },
  }
  build()
  return life
}
