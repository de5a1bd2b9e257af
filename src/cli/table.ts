import type { Printed } from './verb.ts'

/** What people wrote must neither move the cursor nor break the line. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')

/** A table as lines: the last column is as wide as it has to be, and on a terminal cut at its end. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[], { isTTY, columns }: Printed): string {
  const all = [head, ...rows].map((row) => row.map(plain))
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const most = isTTY === true ? (columns ?? 80) : Number.POSITIVE_INFINITY
  const lineOf = (row: readonly string[]): string => {
    const line = row.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')
    return (line.length > most ? `${line.slice(0, most - 1)}…` : line).trimEnd()
  }
  return all.map((row) => `${lineOf(row)}\n`).join('')
}

/** One JSON value, as `--json` prints it. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** `2026-03-01 07:00 UTC`; nothing for null. */
export const minuteText = (iso: string | null): string => (iso === null ? '–' : `${iso.slice(0, 16).replace('T', ' ')} UTC`)
