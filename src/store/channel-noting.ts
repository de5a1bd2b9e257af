import { cutLong, difference, type Snapshot } from '../domain/audit.ts'
import { type Channel, declaredChannel } from '../domain/channel.ts'
import { noteChange } from './audit.ts'
import type { Noting } from './noting.ts'
import type { Shown } from './store.telling.ts'

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Settings that differ although what can be shown of them does not. */
function newSecrets(before: Channel, after: Channel, shown: Shown): string[] {
  const seen = { before: shown(before), after: shown(after) }
  return Object.keys(after.settings).filter(
    (name) => !isSame(before.settings[name], after.settings[name]) && isSame(seen.before[name], seen.after[name]),
  )
}

const snapshot = (channel: Channel, shown: Shown): Snapshot => ({
  id: channel.id,
  ...declaredChannel(channel, shown(channel)),
})

type Both = { before: Snapshot | null; after: Snapshot | null }

/** Null where nothing differs. */
function bothOf(before: Channel | null, after: Channel | null, shown: Shown): Both | null {
  if (before === null || after === null)
    return { before: before && snapshot(before, shown), after: after && snapshot(after, shown) }
  const secrets = newSecrets(before, after, shown)
  const [old, now] = secrets.length === 0 ? [{}, {}] : [{ newSecrets: [] }, { newSecrets: secrets }]
  return difference({ ...snapshot(before, shown), ...old }, { ...snapshot(after, shown), ...now }, ['id', 'name', 'kind'])
}

/** Notes that a channel was made, changed (nothing where nothing differs) or deleted: that a secret is another one, never which. */
export async function noteChannel({ db, t, at, by }: Noting, before: Channel | null, after: Channel | null, shown: Shown) {
  const both = bothOf(before, after, shown)
  if (both === null) return
  await noteChange(db, t, {
    at,
    by,
    action: `channel.${before === null ? 'make' : after === null ? 'delete' : 'change'}`,
    subject: (before ?? after)?.name ?? '',
    before: both.before && cutLong(both.before),
    after: both.after && cutLong(both.after),
  })
}
