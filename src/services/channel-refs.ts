import { type FieldError, invalid } from '../domain/fault.ts'
import { nearestName } from '../domain/nearest.ts'
import { foldName } from '../domain/people.ts'
import type { NamedChannel, TellingRules } from '../domain/telling-rules.ts'
import type { Store } from '../store/store.ts'

/** A channel as people name it: its number or its name, in any spelling; or as an expectation was read. */
export type ChannelRef = number | string | NamedChannel

/** The rules with the numbers of their channels; nothing where nothing was said. Throws `invalid` that tells every channel that is not there. */
export async function rulesOf(store: Store, telling: TellingRules<ChannelRef> | undefined): Promise<{ telling?: TellingRules }> {
  if (telling === undefined) return {}
  if (telling.channels.length === 0) return { telling: { ...telling, channels: [] } }
  const known = await store.channels()
  const named = telling.channels.map((ref) => idOf(typeof ref === 'object' ? ref.id : ref, known))
  const wrong = named.filter((one) => typeof one !== 'number')
  if (wrong.length > 0) throw invalid(wrong)
  return { telling: { ...telling, channels: [...new Set(named.filter((one) => typeof one === 'number'))] } }
}

const isMeant = (ref: number | string, { id, name }: NamedChannel): boolean =>
  typeof ref === 'number' ? id === ref : foldName(name) === foldName(ref)

function idOf(ref: number | string, known: readonly NamedChannel[]): number | FieldError {
  const found = known.find((one) => isMeant(ref, one))
  return found === undefined ? { path: 'channels', detail: unknown(ref, known) } : found.id
}

function unknown(ref: number | string, known: readonly NamedChannel[]): string {
  if (typeof ref === 'number') return `there is no channel ${ref}`
  const nearest = nearestName(
    ref,
    known.map(({ name }) => name),
  )
  return `there is no channel "${ref}"${nearest === null ? '' : `; did you mean ${nearest}?`}`
}
