import type { Databases } from './databases.ts'

/** `tiny` shows that the bench works, and measures nothing. */
export type Scale = 'full' | 'quick' | 'tiny'

/** What every part is given. `dir`: for files. `seconds`: how long a load lasts. `histories`: what was filled, by its affirmations. */
export type Context = {
  dir: string
  scale: Scale
  rounds: number
  seconds: number
  databases: Databases
  histories: Map<number, string>
}
export type Part = (context: Context) => Promise<Row[]>

/** One line of the table. `ratio` is to `floor`, measured in the same run; `isMet` is null where nothing is promised. */
export type Row = {
  part: string
  what: string
  figure: string
  floor: string
  ratio: number | null
  target: string
  isMet: boolean | null
}

type Line = {
  what: string
  figure: string
  floor?: string
  ratio?: number
  atLeast?: number
  atMost?: number
  /** What the target is of; without it, it is of the ratio. */
  measured?: number
  unit?: string
}

/** Makes rows of one part. */
export const rowsOf =
  (part: string) =>
  ({ what, figure, floor = '', ratio, atLeast, atMost, measured = ratio, unit = '' }: Line): Row => {
    const isMet =
      atLeast !== undefined
        ? (measured ?? Number.NaN) >= atLeast
        : atMost !== undefined
          ? (measured ?? Number.NaN) <= atMost
          : null
    const target = atLeast !== undefined ? `≥ ${atLeast}${unit}` : atMost !== undefined ? `≤ ${atMost}${unit}` : ''
    return { part, what, figure, floor, ratio: ratio ?? null, target, isMet }
  }

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

/** `12,345` or `1.23`. */
export const plain = (n: number): string => (n >= 100 ? Math.round(n).toLocaleString('en') : n.toFixed(n >= 10 ? 1 : 2))

const HEAD = ['part', 'what', 'figure', 'floor', 'ratio', 'target', '']
const said = (isMet: boolean | null): string => (isMet === null ? '' : isMet ? 'ok' : 'MISSED')

/** The table as text. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ part, what, figure, floor, ratio, target, isMet }) => {
    return [part, what, figure, floor, ratio === null ? '' : ratio.toFixed(2), target, said(isMet)]
  })
  const lines = [HEAD, ...cells]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Tells what is going on; the table alone goes to standard output. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`)
