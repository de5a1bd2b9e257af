import type { Field, Kind } from '../channels/kind.ts'
import type { Author } from '../domain/audit.ts'
import { type Channel, type ChannelKind, type ChannelSettings, MOST_CHANNELS } from '../domain/channel.ts'
import { Fault, type FieldError, invalid } from '../domain/fault.ts'
import type { Millis } from '../domain/time.ts'
import type { ChannelDraft, KnownChannel, Store } from '../store/store.ts'
import { keptSettings, movedSecrets, settingsErrors } from './channel-settings.ts'
import { type Allowed, channelWarnings } from './channel-warnings.ts'
import type { Sealing } from './sealing.ts'

export type { Field } from '../channels/kind.ts'

/** Whoever keeps secrets. */
export type Secrets = Pick<Sealing, 'seal' | 'masked'>
/** Every kind that there is. */
export type Kinds = Readonly<Partial<Record<ChannelKind, Kind>>>

export type Channels = {
  kinds: Kinds
  all(): Promise<KnownChannel[]>
  /** Throws `not-found`. */
  find(id: number): Promise<KnownChannel>
  /** Its settings, with a mask for each secret. */
  shown(channel: Pick<Channel, 'kind' | 'settings'>): ChannelSettings
  /** What is wrong with settings as somebody sent them; nothing where the kind is none. */
  mistakesIn(kind: unknown, settings: unknown): FieldError[]
  /** What keeps settings without mistakes from being of use as this server is set up. */
  warnings(draft: Pick<Channel, 'kind' | 'settings'>): FieldError[]
  /** Throws `invalid` with every wrong setting, `conflict` where a living one has the name or there are too many. */
  make(draft: ChannelDraft, by: Author, at: Millis): Promise<KnownChannel>
  /** A mask among the settings keeps what is stored. Throws as `make` does, and `not-found` when it is gone. */
  change(old: Channel, to: ChannelDraft, by: Author, at: Millis): Promise<KnownChannel>
  /** Switched off it is told nothing, and what waits for it is withheld. Throws `not-found` when it is gone. */
  turn(old: Channel, isOn: boolean, by: Author, at: Millis): Promise<void>
  /** Throws `not-found` when it is gone. */
  remove(id: number, by: Author, at: Millis): Promise<void>
}

type Needs = {
  store: Pick<Store, 'channels' | 'findChannel' | 'createChannel' | 'changeChannel' | 'deleteChannel'>
  kinds: Kinds
  secrets: Secrets
  allowed: Allowed
}

const unknownChannel = (id: number): Fault => new Fault('not-found', `There is no channel ${id}, or it was deleted.`)

const nameTaken = (name: string): Fault => {
  const detail = `another channel is called "${name}" already; take another name`
  return new Fault('conflict', `name: ${detail}.`, [{ path: 'name', detail }])
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(errors)
}

/** Where people are told: who may be told what is for whoever calls to have checked. */
export function aChannels({ store, kinds, secrets, allowed }: Needs): Channels {
  const fieldsOf = (kind: unknown): readonly Field[] => Object.entries(kinds).find(([name]) => name === kind)?.[1]?.fields ?? []
  const shown = ({ kind, settings }: Pick<Channel, 'kind' | 'settings'>) => secrets.masked(settings, fieldsOf(kind))

  const sealed = async (draft: ChannelDraft, old: ChannelSettings): Promise<ChannelDraft> => {
    const fields = fieldsOf(draft.kind)
    refuse(settingsErrors(draft.settings, fields))
    const settings = keptSettings(draft.settings, fields)
    refuse(movedSecrets(settings, old, fields))
    return { ...draft, settings: await secrets.seal(settings, fields, old) }
  }

  const find = async (id: number): Promise<KnownChannel> => {
    const found = await store.findChannel(id)
    if (found === null) throw unknownChannel(id)
    return found
  }

  return {
    kinds,
    all: () => store.channels(),
    find,
    shown,
    mistakesIn: (kind, settings) => (Object.hasOwn(kinds, String(kind)) ? settingsErrors(settings, fieldsOf(kind)) : []),
    warnings: ({ kind, settings }) => channelWarnings(kind, settings, fieldsOf(kind), allowed),

    make: async (draft, by, at) => {
      const made = await store.createChannel(await sealed(draft, {}), { at, by }, shown)
      if (made === 'too-many') throw new Fault('conflict', `There are ${MOST_CHANNELS} channels already; delete one first.`)
      if (made === 'name-taken') throw nameTaken(draft.name)
      return find(made.id)
    },

    change: async (old, to, by, at) => {
      const changed = await store.changeChannel(old.id, await sealed(to, old.settings), { at, by }, shown)
      if (changed === null) throw unknownChannel(old.id)
      if (changed === 'name-taken') throw nameTaken(to.name)
      return find(old.id)
    },

    turn: async ({ id, createdAt: _, ...rest }, isEnabled, by, at) => {
      const to = { ...rest, isEnabled }
      if ((await store.changeChannel(id, to, { at, by }, shown)) === null) throw unknownChannel(id)
    },

    remove: async (id, by, at) => {
      if (!(await store.deleteChannel(id, { at, by }, shown))) throw unknownChannel(id)
    },
  }
}
