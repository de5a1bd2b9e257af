/** The nodes. */
export const NAMES = ['a', 'b', 'c']

/** What happens in which minute. A database crashes, and is started again after so many real milliseconds. */
export type Fate = { at: number; kill?: string; start?: string; freeze?: string; thaw?: string; crash?: number }
const killed = (at: number, ...names: string[]): Fate[] => names.map((kill) => ({ at, kill }))
const started = (at: number, ...names: string[]): Fate[] => names.map((start) => ({ at, start }))
const gone = (from: number, to: number, ...names: string[]): Fate[] => [...killed(from, ...names), ...started(to, ...names)]
const frozen = (from: number, to: number, name: string): Fate[] => [
  { at: from, freeze: name },
  { at: to, thaw: name },
]
export const FATES: readonly Fate[] = [
  ...gone(10, 12, 'a'),
  // Nine seconds: more than a window of a minute forgives, less than the ledger would notice by itself.
  { at: 15.3, crash: 150 },
  ...gone(20, 22, 'b'),
  ...gone(30, 32, 'c'),
  ...gone(40, 42, 'a'),
  { at: 45.5, crash: 500 },
  ...gone(50, 55, 'b', 'c'),
  ...gone(60, 62, 'a'),
  ...frozen(65.2, 67.6, 'c'),
  ...gone(70, 72, 'b'),
  ...gone(80, 82, 'c'),
  ...gone(90, 92, 'a'),
  { at: 95.3, crash: 1_500 },
  ...gone(104, 110, ...NAMES),
  ...gone(120, 122, 'b'),
  ...gone(130, 132, 'c'),
  { at: 135.5, crash: 4_000 },
  ...gone(136, 138, 'a'),
  ...frozen(145.035, 148.2, 'b'),
  ...gone(150, 152, 'b'),
  ...gone(160, 162, 'c'),
  // While the windows of a minute are judged.
  { at: 164.035, crash: 0 },
  ...gone(170, 172, 'a'),
].toSorted((one, other) => one.at - other.at)
