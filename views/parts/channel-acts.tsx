import { channelPath } from '../addresses.ts'
import type { ChannelPage, ChannelView } from '../models.channels.ts'
import { TextField } from './field.tsx'
import { Glyph } from './glyph.tsx'

/** What came back when a test was sent, or why none was. */
export const Tested = ({ page: { tested, mistake } }: { page: Pick<ChannelPage, 'tested' | 'mistake'> }) => {
  if (mistake !== null)
    return (
      <p class="state wrap missed" role="alert">
        <Glyph of="missed" /> <span>{mistake}</span>
      </p>
    )
  if (tested === null) return null
  const isThere = tested.state === 'sent'
  return (
    <p class={`done state wrap ${isThere ? 'met' : 'missed'}`} role="status">
      <Glyph of={isThere ? 'met' : 'missed'} />
      <span class="source">
        {isThere ? 'The test arrived: ' : 'The test did not arrive: '}
        {tested.said ?? tested.reason ?? 'no answer yet'}
      </span>
    </p>
  )
}

/** `POST …/test` and `POST …/switch` with `to`. */
export const ChannelActs = ({ channel: { id, isEnabled } }: { channel: ChannelView }) => (
  <div class="line">
    <form method="post" action={`${channelPath(id)}/test`}>
      <button class="btn go" type="submit">
        Test now
      </button>
    </form>
    <form method="post" action={`${channelPath(id)}/switch`}>
      <button class="btn" type="submit" name="to" value={isEnabled ? 'off' : 'on'}>
        {isEnabled ? 'Switch off' : 'Switch on'}
      </button>
    </form>
    {isEnabled && <span class="small soft">Switched off it is told nothing, and what waits for it is withheld.</span>}
  </div>
)

/** `POST …/delete` with `confirm`. */
export const ChannelRemove = ({ channel: { id, name }, remove }: { channel: ChannelView; remove: ChannelPage['remove'] }) => (
  <details open={Object.keys(remove.errors).length > 0}>
    <summary>Delete this channel</summary>
    <form class="stack" method="post" action={`${channelPath(id)}/delete`} novalidate>
      <p class="small source">
        What waits for it is withheld, its secrets are of no use any more, and nobody is told there. To go on, type its name:{' '}
        <code>{name}</code>
      </p>
      <TextField form={remove} name="confirm" prefix="remove" label="Name of the channel" />
      <p>
        <button class="btn bad" type="submit">
          Delete the channel
        </button>
      </p>
    </form>
  </details>
)
