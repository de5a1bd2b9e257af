import type { DeliveryState } from '../../src/domain/delivery.ts'
import { channelPath, incidentPath } from '../addresses.ts'
import type { DeliveryView } from '../models.channels.ts'
import type { Moment } from '../models.ts'
import { counted, leadingZone } from '../words.ts'
import { Glyph } from './glyph.tsx'
import { Breakable } from './name.tsx'
import { Clock, Relative } from './when.tsx'

const LOOKS = { waiting: 'waiting', sent: 'met', withheld: 'paused', failed: 'missed' } as const satisfies Record<
  DeliveryState,
  string
>

/** Shape and word. */
export const DeliveryMark = ({ state }: { state: DeliveryState }) => (
  <span class={`state ${LOOKS[state]}`}>
    <Glyph of={LOOKS[state]} /> {state}
  </span>
)

type Props = { items: readonly DeliveryView[]; moment: Moment; hasChannel: boolean }

/** What was, is to be or was not sent, and why; the newest first. */
export const DeliveryTable = ({ items, moment, hasChannel }: Props) => (
  <table class="data">
    <thead>
      <tr>
        <th scope="col">Since, {leadingZone(moment)}</th>
        <th scope="col">What</th>
        {hasChannel && <th scope="col">Channel</th>}
        <th scope="col">State</th>
        <th scope="col">Why, or what was answered</th>
      </tr>
    </thead>
    <tbody>
      {items.map((item) => (
        <tr id={`delivery-${item.id}`}>
          <td>
            <Clock at={item.createdAt} moment={moment} />
          </td>
          <td class="source">
            <What item={item} />
          </td>
          {hasChannel && (
            <td class="source">
              <a href={channelPath(item.channel)}>{item.channelName}</a>
            </td>
          )}
          <td>
            <DeliveryMark state={item.state} />
          </td>
          <td class="full source">
            <Why item={item} moment={moment} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const What = ({ item: { kind, event, env, incident } }: { item: DeliveryView }) => (
  <>
    {kind}
    {event !== null && (
      <>
        {' '}
        <Breakable text={event} /> {env !== null && <span class="tag env">{env}</span>}
      </>
    )}
    {incident !== null && (
      <>
        {' '}
        <a href={incidentPath(incident)}>incident {incident}</a>
      </>
    )}
  </>
)

const Why = ({ item: { reason, said, attempts, nextAt }, moment }: { item: DeliveryView; moment: Moment }) => (
  <>
    {nextAt !== null && (
      <>
        next try <Relative at={nextAt} moment={moment} />
        {attempts > 0 && <>, after {counted(attempts, 'try', 'tries')}</>}
        {said !== null && ': '}
      </>
    )}
    {reason}
    {reason !== null && said !== null && ': '}
    {said}
  </>
)
