import { formatDuration } from '../../domain/duration.ts'
import { isKey } from '../../domain/event.ts'
import { type Api, Refused } from '../api.ts'
import type { Step } from './plan.ts'

/** What was done for a line, or found: by its number. */
export type Applied = ReadonlyMap<number, string>

/** By this what was made from a crontab is found again, though its terms were changed. */
const TAG = 'crontab'

/** What is read of an expectation; the rest of it is somebody's own. */
type Known = Wanted & { id: number; tags: string[] }
type Wanted = {
  schedule: string
  timeZone: string
  lookback: string | null
  grace: string
  atLeast: number
  atMost: number | null
}

const wantedOf = ({ proposal }: Step): Wanted | null =>
  proposal === null
    ? null
    : {
        schedule: proposal.schedule,
        timeZone: proposal.timeZone,
        lookback: formatDuration(proposal.lookback),
        grace: formatDuration(proposal.grace),
        atLeast: 1,
        atMost: null,
      }

const FIELDS = ['schedule', 'timeZone', 'lookback', 'grace', 'atLeast', 'atMost'] as const
const differing = (wanted: Wanted, known: Known): string[] =>
  FIELDS.filter((field) => wanted[field] !== known[field]).map((field) => `${field} ${known[field]}`)
const isAs = (wanted: Wanted, known: Known): boolean => differing(wanted, known).length === 0

/** True when it was not known before. */
async function register(api: Api, event: string): Promise<boolean> {
  try {
    await api.get(`/events/${encodeURIComponent(event)}`)
    return false
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404) || isKey(event)) throw error
  }
  await api.send('POST', '/events', { name: event })
  return true
}

async function knownOf(api: Api, event: string, env: string | null): Promise<Known[]> {
  const found: Known[] = []
  for await (const one of api.all<Known>('/expectations', { event, env: env ?? undefined })) found.push(one)
  return found
}

/** What may be the expectation of this line from before: made from a crontab, and none of another line. */
const spareOf = (known: readonly Known[], lines: readonly Wanted[]): Known | undefined =>
  known.find((one) => one.tags.includes(TAG) && !lines.some((wanted) => isAs(wanted, one)))

async function expectOf(
  api: Api,
  step: Step & { event: string },
  lines: readonly Wanted[],
  isUpdating: boolean,
): Promise<string> {
  const wanted = wantedOf(step)
  if (wanted === null) return 'registered'
  const { event, env } = step
  const known = await knownOf(api, event, env)
  const same = known.find((one) => isAs(wanted, one))
  if (same !== undefined) return `as it was: expectation ${same.id}`
  const spare = spareOf(known, lines)
  if (spare === undefined) {
    const draft = { event, ...wanted, ...(env === null ? {} : { env }), tags: [TAG] }
    const { id } = await api.send<Known>('POST', '/expectations', draft)
    return `created: expectation ${id}`
  }
  if (!isUpdating) return `differs: expectation ${spare.id} has ${differing(wanted, spare).join(', ')} (--update changes it)`
  await api.send('PATCH', `/expectations/${spare.id}`, wanted)
  return `changed: expectation ${spare.id} had ${differing(wanted, spare).join(', ')}`
}

const hasEvent = (step: Step): step is Step & { event: string } => step.event !== null

/**
 * Registers the events and creates the expectations; what is there with these terms stays, and what differs is changed only when that is said.
 * Throws what the server refuses; what was made before it stays, and is found when it is given again.
 */
export async function apply(api: Api, steps: readonly Step[], isUpdating: boolean): Promise<Applied> {
  const applied = new Map<number, string>()
  const named = steps.filter(hasEvent)
  for (const step of named) {
    const lines = named.filter(({ event, env }) => event === step.event && env === step.env).flatMap((one) => wantedOf(one) ?? [])
    const isNew = await register(api, step.event)
    const done = await expectOf(api, step, lines, isUpdating)
    applied.set(step.line, !isNew && done === 'registered' ? 'as it was' : done)
  }
  return applied
}
