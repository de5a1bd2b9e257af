import { and, asc, eq, gt, gte, lt } from 'drizzle-orm'
import type { Engine } from './engine.ts'
import type { Store } from './store.ts'

export function listeningStore({ t, db, write }: Engine): Pick<Store, 'openSpan' | 'extendSpan' | 'nodes' | 'spans'> {
  const { listening: s } = t
  return {
    openSpan: (node, at) =>
      write(async (db) => {
        const [row] = await db.insert(s).values({ node, from: at, to: at }).returning({ id: s.id })
        if (row === undefined) throw new Error('The span was stored but no row came back.')
        return row.id
      }),

    extendSpan: (id, to) =>
      write(async (db) => {
        await db
          .update(s)
          .set({ to })
          .where(and(eq(s.id, id), lt(s.to, to)))
      }),

    async nodes(since) {
      const rows = await db.selectDistinct({ node: s.node }).from(s).where(gte(s.to, since)).orderBy(asc(s.node))
      return rows.map(({ node }) => node)
    },

    spans: ({ from, to }) =>
      db
        .select({ from: s.from, to: s.to })
        .from(s)
        .where(and(gt(s.to, from), lt(s.from, to)))
        .orderBy(asc(s.from)),
  }
}
