import { type Millis, SECOND } from '../src/domain/time.ts'
import type { someTerms, World } from '../test/support/world.ts'
import { EXPECTED, type Job, UNEXPECTED } from './a-life.jobs.ts'

/** A month that ends on Wednesday 4 March 2026 in the morning, with something of everything a board shows. */
export const BEGIN = Date.parse('2026-02-02T00:00:00Z')
export const END = Date.parse('2026-03-04T09:14:12Z')
/** Nobody listened. */
const BLIND = { from: Date.parse('2026-03-04T08:12:00Z'), to: Date.parse('2026-03-04T08:19:00Z') }

type Step = { at: Millis; take: (world: World) => Promise<unknown> }

const expecting = (job: Job): Step => ({
  at: Math.max(BEGIN, END - job.age),
  take: async ({ declaring, clock, expects, store }) => {
    if ((await store.findEvent(job.event)) === null)
      await declaring.registerEvent({ name: job.event, description: job.description ?? '', tags: job.people ?? [] }, clock.now())
    const made = await expects(job.event, job.terms as Parameters<typeof someTerms>[0], { env: job.env, tags: job.tags })
    if (job.isPaused === true) await declaring.pause(made, clock.now())
  },
})

/** A little before each of its instants, from each source; not where it is said to be silent. */
function affirming({ event, env, every, offset = 0, sources, values = [], silent = [], fails = [], age }: Job): Step[] {
  const first = Math.ceil((Math.max(BEGIN, END - age) - offset) / every) * every + offset
  const instants = Array.from({ length: Math.max(0, Math.ceil((END - first) / every)) }, (_, i) => first + i * every)
  return instants
    .filter((at) => !silent.some((text) => Math.abs(Date.parse(text) - at) < every / 2) && !isBlind(at))
    .flatMap((at, i) =>
      sources.map((source, s) => ({
        at: at + s * SECOND,
        take: ({ affirm }: World) => {
          const status = fails.some((text) => Math.abs(Date.parse(text) - at) < every / 2) ? 'fail' : 'ok'
          return affirm(event, { env, source, status, value: values[(i + s) % Math.max(1, values.length)] })
        },
      })),
    )
}

const isBlind = (at: Millis): boolean => at >= BLIND.from && at < BLIND.to

/** Everything in the order of time. */
const steps = (): Step[] =>
  [
    ...EXPECTED.map(expecting),
    ...EXPECTED.flatMap(affirming),
    ...UNEXPECTED.map(({ event, ago, source }) => ({
      at: END - ago,
      take: (world: World) => world.affirm(event, { source }),
    })),
  ].toSorted((a, b) => a.at - b.at)

async function passBlindly(world: World, until: Millis): Promise<void> {
  if (world.clock.now() <= BLIND.from && until > BLIND.from) {
    await world.passUntil(BLIND.from)
    world.sleepUntil(BLIND.to)
  }
  await world.passUntil(Math.max(until, world.clock.now()))
}

/** Lives it; a month takes seconds. */
export async function live(world: World): Promise<void> {
  for (const { at, take } of steps()) {
    await passBlindly(world, at)
    await take(world)
  }
  await passBlindly(world, END)
}
