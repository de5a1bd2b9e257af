/** Tells open pages that there is something new to draw. Of this node only; pages ask by themselves now and then, too. */
export type Changes = {
  tell(): void
  /** Resolves at the next change, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>
}

export function aChanges(): Changes {
  let waiting = new Set<() => void>()
  return {
    tell: () => {
      if (waiting.size === 0) return
      const told = waiting
      waiting = new Set()
      for (const wake of told) wake()
    },
    next: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const wake = () => {
          signal.removeEventListener('abort', wake)
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      }),
  }
}
