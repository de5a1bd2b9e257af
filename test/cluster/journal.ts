import { mergeSpans, type Span } from '../../src/domain/listening.ts'
import { type Duration, type Millis, SECOND } from '../../src/domain/time.ts'

/** Answers of one node so close to each other leave no room for a pause in its own ledger: it tolerates 15 s. */
const CLOSE: Duration = 8 * SECOND
/** A node's ledger begins after its first answer and ends before its last one by no more than a beat. */
const MARGIN: Duration = 6 * SECOND

/** What the test itself saw, in the time of the nodes. */
export type Journal = {
  /** A node stored something for us. */
  answered(node: string, at: Millis): void
  /** Nobody could have stored anything meanwhile: the database was down, or all nodes were. */
  lost(from: Millis, to: Millis): void
  acknowledged(id: string): void
  /** Each once, though it may have been answered more than once. */
  acknowledgements(): ReadonlySet<string>
  /** When at least one node surely listened. */
  surelyListening(): Span[]
  /** When nobody surely listened. */
  outages(): Span[]
}

function spansOf(instants: readonly Millis[]): Span[] {
  const spans: Span[] = []
  for (const at of instants) {
    const last = spans.at(-1)
    if (last !== undefined && at - last.to <= CLOSE) last.to = at
    else spans.push({ from: at, to: at })
  }
  return spans.map(({ from, to }) => ({ from: from + MARGIN, to: to - MARGIN })).filter(({ from, to }) => from < to)
}

export function aJournal(): Journal {
  const answers = new Map<string, Millis[]>()
  const acknowledged = new Set<string>()
  const outages: Span[] = []
  return {
    answered: (node, at) => {
      const known = answers.get(node)
      if (known === undefined) answers.set(node, [at])
      else known.push(at)
    },
    lost: (from, to) => {
      outages.push({ from, to })
    },
    acknowledged: (id) => {
      acknowledged.add(id)
    },
    acknowledgements: () => acknowledged,
    surelyListening: () => mergeSpans([...answers.values()].flatMap(spansOf)),
    outages: () => mergeSpans(outages),
  }
}
