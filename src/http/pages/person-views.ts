import type { LetsIn, PersonView } from '../../../views/models.people.ts'
import type { Account } from '../../domain/people.ts'
import { isAdminByProxy } from '../proxied.ts'
import type { Services } from '../services.ts'

/** With the role that holds. */
export function personView(account: Account, services: Services): PersonView {
  const isAdmin = isAdminByProxy(account.identity, services)
  return { ...account, ...(isAdmin ? { role: 'admin' } : {}), isAdminByProxy: isAdmin }
}

export const letsIn = ({ settings: { auth, proxy } }: Services): LetsIn => (auth === 'proxy' ? (proxy?.role ?? null) : null)
