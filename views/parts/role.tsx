import { ROLES, type Role } from '../../src/domain/access.ts'

/** What each role may do, each including what the ones before it may. */
const MAY: Record<Role, string> = {
  viewer: 'looks',
  signer: 'signs off, too',
  editor: 'changes events and expectations, too',
  admin: 'everything: people, keys, settings',
}

export const ROLE_CHOICES = ROLES.map((role) => ({ value: role, says: `${role} – ${MAY[role]}` }))
