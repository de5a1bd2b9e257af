import { getTableName, is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as tables from './tables.sqlite.ts'

/** What a column holds. Truth values travel as 0 and 1. */
export type Cell = number | string | null
export type CopiedRow = readonly Cell[]
export type CopiedColumn = { name: string; kind: 'number' | 'text' | 'boolean' }

/** A table that both engines have. Its rows are copied in the order of `key`. */
export type CopiedTable = { name: string; columns: readonly CopiedColumn[]; key: readonly string[] }

const kindOf = (type: string): CopiedColumn['kind'] => (type === 'string' ? 'text' : type === 'boolean' ? 'boolean' : 'number')

function describe(table: SQLiteTable): CopiedTable {
  const { columns, primaryKeys } = getTableConfig(table)
  const key = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary)
  return {
    name: getTableName(table),
    columns: columns.map(({ name, dataType }) => ({ name, kind: kindOf(dataType) })),
    key: key.map(({ name }) => name),
  }
}

/** All that is copied, the largest last. */
export const COPIED: readonly CopiedTable[] = Object.values(tables)
  .filter((table) => is(table, SQLiteTable))
  .map(describe)
  .sort((a, b) => Number(a.name === 'affirmations') - Number(b.name === 'affirmations'))

/** Tables whose ids are given by a counter that never goes back: a number of something deleted is not given again. */
export const isCounted = ({ key }: CopiedTable): boolean => key[0] === 'id'

const read = ({ name, kind }: CopiedColumn): string => (kind === 'boolean' ? `cast("${name}" as int)` : `"${name}"`)
const keyOf = ({ key, columns }: CopiedTable): CopiedColumn[] => columns.filter(({ name }) => key.includes(name))
const literal = ({ kind }: CopiedColumn, value: number | undefined): string =>
  kind === 'boolean' ? String(value === 1) : String(Number(value))

/** The one row with this key. */
export const isRow = (table: CopiedTable, place: readonly number[]): string =>
  keyOf(table)
    .map((column, i) => `"${column.name}" = ${literal(column, place[i])}`)
    .join(' and ')

/** Rows in the order of their key, from after the given one on. SQL of both engines; keys are numbers. */
export function rowsAfter(table: CopiedTable, after: readonly number[] | null): string {
  const key = keyOf(table)
  const names = key.map(({ name }) => `"${name}"`).join(', ')
  const rest = after === null ? '' : `where (${names}) > (${key.map((column, i) => literal(column, after[i])).join(', ')})`
  return `select ${table.columns.map(read).join(', ')} from ${table.name} ${rest} order by ${names}`
}

/** The key of a row. */
export const placeOf = ({ key, columns }: CopiedTable, row: CopiedRow): number[] =>
  columns.flatMap(({ name }, i) => (key.includes(name) ? [Number(row[i])] : []))

/** `affirmations, id 17`. */
export const rowInWords = (table: CopiedTable, row: CopiedRow): string =>
  `${table.name}, ${keyOf(table)
    .map(({ name }, i) => `${name} ${placeOf(table, row)[i]}`)
    .join(', ')}`

/** Sums of ten billion instants stay below 2⁶³, and those of two different columns hardly ever agree by chance. */
const PRIME = 1_000_000_007

const sumOf = (column: CopiedColumn): string =>
  column.kind === 'text' ? `octet_length("${column.name}")` : `${read(column)} % ${PRIME}`

/** One row that tells two tables apart: how many rows, and of each column a sum. SQL of both engines. */
export const digestOf = ({ name, columns }: CopiedTable): string =>
  `select count(*), ${columns.map((column) => `cast(coalesce(sum(${sumOf(column)}), 0) as text)`).join(', ')} from ${name}`
