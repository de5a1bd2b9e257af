import type { ChannelView } from '../models.channels.ts'
import type { Moment } from '../models.ts'
import { counted } from '../words.ts'
import { Glyph } from './glyph.tsx'
import { Since } from './when.tsx'

/** Whether what is sent there arrives, as far as that is known. */
export const ChannelState = ({ channel, moment }: { channel: ChannelView; moment: Moment }) => {
  const { isEnabled, failingSince, failures } = channel
  if (!isEnabled)
    return (
      <span class="state paused">
        <Glyph of="paused" /> switched off
      </span>
    )
  if (failingSince === null)
    return (
      <span class="state met">
        <Glyph of="met" /> on
      </span>
    )
  return (
    <span class="state wrap missed">
      <Glyph of="missed" />
      <span>
        failing for <Since at={failingSince} moment={moment} />, {counted(failures, 'try', 'tries')}
      </span>
    </span>
  )
}
