import { type Duration, MINUTE, type Millis, SECOND } from './time.ts'

/** When one message takes the place of many. */
export type DamperLimits = {
  /** So many changes of an expectation `within` are flapping, until nothing changed for `steady`. */
  flapping: { changes: number; within: Duration; steady: Duration }
  /** More misses than these are a flood: of expectations whose last affirmation came from one source, or of all. It is over when none came for `quiet`. */
  flood: { ofSource: number; sourceWithin: Duration; ofAll: number; allWithin: Duration; quiet: Duration }
}

export const DAMPER_LIMITS: DamperLimits = {
  flapping: { changes: 5, within: 20 * MINUTE, steady: 20 * MINUTE },
  flood: { ofSource: 5, sourceWithin: 60 * SECOND, ofAll: 100, allWithin: 120 * SECOND, quiet: 120 * SECOND },
}

/** `changes`: when its incidents were opened and closed. */
export const isFlapping = (changes: readonly Millis[], now: Millis, { flapping }: DamperLimits): boolean =>
  changes.filter((at) => at > now - flapping.within).length >= flapping.changes

/** One miss that a channel is told of; `source` affirmed last what is missing now. */
export type Miss = { delivery: number; at: Millis; source: string | null }

/** Which of these misses of one channel are told together. */
export function floodedOf(misses: readonly Miss[], now: Millis, { flood }: DamperLimits): Set<number> {
  const inAll = misses.filter(({ at }) => at > now - flood.allWithin)
  if (inAll.length > flood.ofAll) return new Set(inAll.map(({ delivery }) => delivery))
  const bySource = new Map<string, number[]>()
  for (const { delivery, at, source } of misses)
    if (source !== null && at > now - flood.sourceWithin) bySource.set(source, [...(bySource.get(source) ?? []), delivery])
  return new Set([...bySource.values()].filter((group) => group.length > flood.ofSource).flat())
}
