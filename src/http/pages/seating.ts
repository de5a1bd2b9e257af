export type Seating = {
  /** Takes a place for this holder; call what it gives back to leave it. Null where all are taken, or all that one may have. */
  take(holder: string): (() => void) | null
}

/** Places of which there are only so many, and for one holder fewer. */
export function aSeating(most: number, mostOfOne: number): Seating {
  const taken = new Map<string, number>()
  let all = 0
  const change = (holder: string, by: 1 | -1): void => {
    const count = (taken.get(holder) ?? 0) + by
    if (count === 0) taken.delete(holder)
    else taken.set(holder, count)
    all += by
  }
  return {
    take: (holder) => {
      if (all >= most || (taken.get(holder) ?? 0) >= mostOfOne) return null
      change(holder, 1)
      return () => change(holder, -1)
    },
  }
}
