import { statSync } from 'node:fs'
import type { Counters, Digest, Reached, Source, Target } from './copy.sides.ts'
import { COPIED, type CopiedRow, type CopiedTable, placeOf } from './copy.tables.ts'
import { CannotOpen, Refusal } from './engine.ts'
import { postgresSource, postgresTarget } from './postgres.copy.ts'
import { sqliteSource, sqliteTarget } from './sqlite.copy.ts'
import { isDatabaseTrouble, saidBy } from './trouble.ts'

/** What a copy is at: of the table `rows` of `of` are there, of all tables `done` of `all`, `before` of them by an earlier try. */
export type CopyProgress =
  | { step: 'counting' | 'indexing' | 'comparing' }
  | { step: 'copying'; table: string; rows: number; of: number; done: number; all: number; before: number }

type Tell = (progress: CopyProgress) => void

/** A piece is one transaction. So many rows, or less where they are large. */
const ROWS_IN_PIECE = 5_000
const LETTERS_IN_PIECE = 8 * 1024 * 1024

const isFile = (url: string): boolean => url.startsWith('file:')
const fileOf = (url: string): string => url.slice('file:'.length)

/** Says which side it is that cannot be used. */
async function opened<T>(side: '--from' | '--to', open: Promise<T>): Promise<T> {
  try {
    return await open
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`The database of ${side}: ${error.message}`, { cause: error })
    throw new CannotOpen(`The database of ${side} cannot be opened: ${saidBy(error)}`, { cause: error })
  }
}

function isSameFile(from: string, to: string): boolean {
  if (!isFile(from) || !isFile(to)) return false
  const [a, b] = [from, to].map((url) => statSync(fileOf(url), { throwIfNoEntry: false }))
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

const lettersIn = (rows: readonly CopiedRow[]): number =>
  rows.reduce((sum, row) => row.reduce<number>((all, cell) => all + (typeof cell === 'string' ? cell.length : 0), sum), 0)

async function* inPieces(some: AsyncIterable<CopiedRow[]>): AsyncGenerator<CopiedRow[]> {
  let piece: CopiedRow[] = []
  let letters = 0
  for await (const rows of some) {
    piece = [...piece, ...rows]
    letters += lettersIn(rows)
    if (piece.length < ROWS_IN_PIECE && letters < LETTERS_IN_PIECE) continue
    yield piece
    piece = []
    letters = 0
  }
  if (piece.length > 0) yield piece
}

const NOTHING: Reached = { rows: 0, after: null }

/** Copies what is left of a table; the next piece is read while one is written. */
async function copyTable(source: Source, target: Target, table: CopiedTable, from: Reached, tell: (rows: number) => void) {
  const pieces = inPieces(source.rows(table, from.after))
  let { rows } = from
  let next = pieces.next()
  for (;;) {
    const { value: piece, done } = await next
    const last = piece?.at(-1)
    if (done === true || piece === undefined || last === undefined) return
    rows += piece.length
    const written = target.write(table, piece, { rows, after: placeOf(table, last) })
    next = pieces.next()
    // Where both fail, the first one is told.
    next.catch(() => undefined)
    await written
    tell(rows)
  }
}

async function copyTables(source: Source, target: Target, sizes: Digest, reached: Readonly<Record<string, Reached>>, tell: Tell) {
  const sizeOf = ({ name }: CopiedTable): number => sizes[name]?.rows ?? 0
  const all = COPIED.reduce((sum, table) => sum + sizeOf(table), 0)
  const before = Object.values(reached).reduce((sum, { rows }) => sum + rows, 0)
  let done = 0
  for (const table of COPIED) {
    const from = reached[table.name] ?? NOTHING
    const told = (rows: number) =>
      tell({ step: 'copying', table: table.name, rows, of: sizeOf(table), done: done + rows, all, before })
    if (from.rows > 0) told(from.rows)
    await copyTable(source, target, table, from, told)
    done += sizeOf(table)
  }
  return all
}

/** In words what is not the same, a table each. */
function differences(there: Digest, here: Digest): string[] {
  return COPIED.flatMap(({ name, columns }) => {
    const [a, b] = [there[name], here[name]]
    if (a?.rows !== b?.rows) return [`${name}: ${a?.rows} rows in --from, ${b?.rows} in --to`]
    const other = columns.filter((_, i) => a?.sums[i] !== b?.sums[i])
    return other.length === 0 ? [] : [`${name}: ${other.map((column) => column.name).join(', ')} differ`]
  })
}

async function copyInto(target: Target, source: Source, tell: Tell): Promise<number> {
  tell({ step: 'counting' })
  const sizes = await source.digest()
  const counters: Counters = await source.counters()
  const fingerprint = JSON.stringify([sizes, counters])
  const begun = await target.begun()
  if (begun !== null && begun.source !== fingerprint)
    throw new Refusal(
      'The database of --to holds a part of another copy: of another database, or of this one before it was used again. Drop it and begin anew with an empty one.',
    )
  if (begun === null) await target.begin(fingerprint)
  const all = await copyTables(source, target, sizes, begun?.reached ?? {}, tell)
  tell({ step: 'indexing' })
  await target.index()
  tell({ step: 'comparing' })
  const wrong = differences(await source.digest(), await target.digest())
  if (wrong.length > 0)
    throw new Refusal(`The copy is not what it was made of. Drop the database of --to and begin anew.\n  ${wrong.join('\n  ')}`)
  await target.finish(counters)
  return all
}

/**
 * Copies all rows of one database into an empty one, or goes on where an earlier try ended; resolves to how many there are. While it runs
 * neither can be used, and a target that is not finished cannot be used at all. Throws a `Refusal` in words.
 */
export async function copyStore(from: string, to: string, tell: Tell): Promise<number> {
  if (isSameFile(from, to)) throw new Refusal('The database of --to: It is the same database as that of --from.')
  const source = await opened('--from', isFile(from) ? sqliteSource(fileOf(from)) : postgresSource(from))
  try {
    const target = await opened('--to', isFile(to) ? sqliteTarget(fileOf(to)) : postgresTarget(to, source.mark))
    try {
      return await copyInto(target, source, tell)
    } finally {
      await target.close()
    }
  } catch (error) {
    if (error instanceof Refusal || !isDatabaseTrouble(error)) throw error
    throw new Refusal(`The copy broke off: ${saidBy(error)}. What has arrived is kept: the same command goes on from there.`, {
      cause: error,
    })
  } finally {
    await source.close()
  }
}
