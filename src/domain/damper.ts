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

/** Those that have more than `most` within one such span of time. */
function crowded(misses: readonly Miss[], most: number, within: Duration): number[] {
  const sorted = [...misses].sort((a, b) => a.at - b.at)
  const found: number[] = []
  let first = 0
  let next = 0
  for (const [i, { at }] of sorted.entries()) {
    while ((sorted[first]?.at ?? at) <= at - within) first += 1
    if (i - first + 1 <= most) continue
    for (next = Math.max(next, first); next <= i; next++) found.push(sorted[next]?.delivery ?? 0)
  }
  return found
}

/**
 * Which of these misses of one channel are told together. It does not matter when that is asked: what waited, because we or the channel were
 * away, is a flood as it was then.
 */
export function floodedOf(misses: readonly Miss[], { flood }: DamperLimits): Set<number> {
  const bySource = new Map<string, Miss[]>()
  for (const miss of misses) {
    if (miss.source === null) continue
    const group = bySource.get(miss.source)
    if (group === undefined) bySource.set(miss.source, [miss])
    else group.push(miss)
  }
  const ofSources = [...bySource.values()].flatMap((group) => crowded(group, flood.ofSource, flood.sourceWithin))
  return new Set([...crowded(misses, flood.ofAll, flood.allWithin), ...ofSources])
}
