import type { Duration } from '../../domain/time.ts'
import type { Findings, Item } from './findings.ts'
import type { Looked } from './tree.ts'

const number = new Intl.NumberFormat('en')

/** A file may be called so that it writes over the terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?')
const placeOf = ({ path, line }: { path: string; line: number }): string => `${plain(path)}:${line}`

/** Items of one event, or one text, together; in the order in which each was first seen. */
function grouped(items: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const title = [item.event, item.key].filter((text) => text !== null).join('  ')
    const group = groups.get(title) ?? []
    groups.set(title, group)
    group.push(item)
  }
  return groups
}

const section = (title: string, lines: readonly string[], most = Number.POSITIVE_INFINITY): string[] => {
  const more = lines.length > most ? [`… and ${number.format(lines.length - most)} more; --json tells all`] : []
  const shown = [...lines.slice(0, most), ...more]
  return lines.length === 0 ? [] : ['', `${title} (${number.format(lines.length)}):`, ...shown.map((line) => `  ${line}`)]
}

/** What is used nowhere is often of another repository; a long list of it would hide what was found here. */
const MOST_UNUSED = 20

const hint = (nearest: string | null): string => (nearest === null ? '' : `  – did you mean ${nearest}?`)

/** For people: each event with its places, then what is not in order. */
export function inWords({ items, unknown, disagreeing, unused, several }: Findings): string {
  const places = [...grouped(items.filter(({ known }) => known !== false))].flatMap(([title, group]) => [
    title,
    ...group.map((item) => `  ${placeOf(item)}`),
  ])
  const unknownOf = (isKey: boolean): string[] =>
    unknown
      .filter(({ key }) => (key !== null) === isKey)
      .map((item) => `${placeOf(item)}  ${item.key ?? item.event}${hint(item.nearest)}`)
  const lines = [
    ...places,
    ...section('Unknown keys', unknownOf(true)),
    ...section('Unknown names', unknownOf(false)),
    ...section(
      'Keys beside the name of another event',
      disagreeing.map((item) => `${placeOf(item)}  ${item.key} is ${item.event}, beside it stands ${item.beside}`),
    ),
    ...section(
      'Affirmed from more than one place',
      (several ?? []).map(({ event, key, places }) => `${event}  ${key}  ${number.format(places.length)} places`),
    ),
    ...section(
      'Used nowhere',
      (unused ?? []).map(({ event, key }) => `${event}  ${key}`),
      MOST_UNUSED,
    ),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

const counted = (count: number, one: string): string => `${number.format(count)} ${count === 1 ? one : `${one}s`}`

const sizeOf = (bytes: number): string =>
  bytes < 1_000
    ? counted(bytes, 'byte')
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1_000)} kB`
      : `${number.format(Math.round(bytes / 1_000_000))} MB`

/** How much was looked through, in one line. */
export function lookedInWords({ files, bytes, binary, huge, unreadable }: Looked, words: number, elapsed: Duration): string {
  const parts = [
    `${counted(files, 'file')}, ${sizeOf(bytes)} in ${(elapsed / 1_000).toFixed(1)} s`,
    ...(binary > 0 ? [`${number.format(binary)} binary`] : []),
    ...(huge > 0 ? [`${number.format(huge)} larger than 16 MiB`] : []),
    ...(unreadable > 0 ? [`${number.format(unreadable)} that cannot be read`] : []),
  ]
  const out = parts.length === 1 ? '' : `; left out: ${parts.slice(1).join(', ')}`
  const shaped = words === 0 ? '' : `; ${counted(words, 'word')} like af_register, in the shape of a key, taken for none`
  return `Looked through ${parts[0]}${out}${shaped}.`
}
