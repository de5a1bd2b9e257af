/** One line of the table. `ratio` is against `floor`, measured in the same run; `isMet` is null where nothing is promised. */
export type Row = {
  part: string
  what: string
  figure: string
  floor: string
  ratio: string
  target: string
  isMet: boolean | null
}

/** What every part is given. `postgres`: a database to measure instead of SQLite. */
export type Context = { dir: string; isQuick: boolean; rounds: number; seconds: number; postgres: Postgres | null }
/** `fresh` makes an empty database and answers its URL. */
export type Postgres = { fresh(): Promise<string> }
export type Part = (context: Context) => Promise<Row[]>

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** `12,345` or `1.23`. */
export const plain = (n: number): string => (n >= 100 ? Math.round(n).toLocaleString('en') : n.toFixed(n >= 10 ? 1 : 2))

type Line = {
  part: string
  what: string
  figure: string
  floor?: string
  ratio?: number
  atLeast?: number
  atMost?: number
  measured?: number
  unit?: string
}

/** A row of the table. With a `ratio` the target is of the ratio, else of `measured` (in `unit`). */
export function row({ part, what, figure, floor = '', ratio, atLeast, atMost, measured, unit = '' }: Line): Row {
  const value = measured ?? ratio
  const target = atLeast !== undefined ? `≥ ${atLeast}${unit}` : atMost !== undefined ? `≤ ${atMost}${unit}` : ''
  const isMet =
    value === undefined || target === '' ? null : atLeast !== undefined ? value >= atLeast : value <= (atMost ?? value)
  return { part, what, figure, floor, ratio: ratio === undefined ? '' : ratio.toFixed(2), target, isMet }
}

const HEAD: Record<Exclude<keyof Row, 'isMet'>, string> & { verdict: string } = {
  part: 'part',
  what: 'what',
  figure: 'figure',
  floor: 'floor',
  ratio: 'ratio',
  target: 'target',
  verdict: '',
}

/** The table as text. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map((one) => ({ ...one, verdict: one.isMet === null ? '' : one.isMet ? 'ok' : 'MISSED' }))]
  const columns = Object.keys(HEAD) as (keyof typeof HEAD)[]
  const widths = columns.map((column) => Math.max(...lines.map((line) => line[column].length)))
  return lines
    .map((line) =>
      columns
        .map((column, i) => line[column].padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Tells what is going on; the table alone goes to standard output. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`)
