import { Fault } from '../domain/fault.ts'
import type { NamedDelivery, Store } from '../store/store.ts'

/** Throws `not-found`: settled ones are cleared away in time. */
export async function findDelivery(store: Pick<Store, 'findDelivery'>, id: number): Promise<NamedDelivery> {
  const found = await store.findDelivery(id)
  if (found === null) throw new Fault('not-found', `There is no delivery ${id}. Those that have ended are cleared away in time.`)
  return found
}
