import { and, count, eq, isNull } from 'drizzle-orm'
import type { Role } from '../domain/access.ts'
import { type Account, foldName } from '../domain/people.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

type Row = Tables['people']['$inferSelect']

export const toAccount = ({ password, role, ...row }: Row): Account => ({
  ...row,
  role: role as Role,
  hasPassword: password !== null,
})

/** Who has not ended. */
export async function activeIn(db: Db, { people: p }: Tables, id: number): Promise<Account | null> {
  const [row] = await db
    .select()
    .from(p)
    .where(and(eq(p.id, id), isNull(p.endedAt)))
  return row === undefined ? null : toAccount(row)
}

/** Names as they fold, of everybody who ever was. */
export async function namesIn(db: Db, { people: p }: Tables): Promise<Set<string>> {
  const rows = await db.select({ name: p.name }).from(p)
  return new Set(rows.map(({ name }) => foldName(name)))
}

/** How many may do everything. */
export async function adminsIn(db: Db, { people: p }: Tables): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(p)
    .where(and(eq(p.role, 'admin'), isNull(p.endedAt)))
  return row?.n ?? 0
}

/** Is this the only one who may do everything? Asked while nobody else changes people. */
export const isLastAdmin = async (db: Db, t: Tables, { role }: Account): Promise<boolean> =>
  role === 'admin' && (await adminsIn(db, t)) === 1
