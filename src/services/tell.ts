import type { Kind, Values } from '../channels/kind.ts'
import type { Send } from '../channels/sending/send.ts'
import type { Channel, ChannelKind, ChannelSettings } from '../domain/channel.ts'
import { Fault } from '../domain/fault.ts'
import type { Message, Outgoing, Sent } from '../domain/message.ts'
import type { Millis } from '../domain/time.ts'

/** So many pieces are there already; `onPiece` hears of each one more. */
export type Progress = { from: number; onPiece(pieces: number): Promise<void> }
/** A message that could not be made: a mistake of ours. */
export class Unwritten extends Error {}
/** Sends a message to a channel, piece by piece, and says what became of it. Throws nothing that comes from the channel; {@link Unwritten}. */
export type Tell = (channel: Channel, message: Message, progress?: Progress) => Promise<Sent>

type Needs = {
  kinds: Readonly<Partial<Record<ChannelKind, Kind>>>
  open(settings: ChannelSettings, fields: Kind['fields']): Promise<Values>
  send: Send
  now: () => Millis
}

const NO_PROGRESS: Progress = { from: 0, onPiece: async () => undefined }

/** What is told of several pieces: those that will never arrive do not keep the others from it. */
function together(refused: readonly string[], pieces: number, said: string): Sent {
  if (refused.length === 0) return { kind: 'sent', said }
  const all = refused.join('; ')
  return refused.length === pieces
    ? { kind: 'never', said: all }
    : { kind: 'sent', said: `${refused.length} of ${pieces} refused: ${all}` }
}

export function aTelling({ kinds, open, send, now }: Needs): Tell {
  return async (channel, message, { from, onPiece } = NO_PROGRESS) => {
    const kind = kinds[channel.kind]
    if (kind === undefined) return { kind: 'never', said: `this version knows no channels of the kind ${channel.kind}` }
    let settings: Values
    try {
      settings = await open(channel.settings, kind.fields)
    } catch (error) {
      if (error instanceof Fault) return { kind: 'again', said: error.message, after: null }
      throw error
    }
    let pieces: readonly Outgoing[]
    try {
      pieces = kind.render(settings, message, now())
    } catch (error) {
      throw new Unwritten('A channel could not write its message', { cause: error })
    }
    const refused: string[] = []
    let said = 'there was nothing to send'
    for (const [i, piece] of pieces.entries()) {
      if (i < from) continue
      const sent = await send(kind, settings, piece, now())
      if (sent.kind === 'again') return sent
      if (sent.kind === 'never') refused.push(sent.said)
      said = sent.said
      if (pieces.length > 1) await onPiece(i + 1)
    }
    return together(refused, pieces.length, said)
  }
}
