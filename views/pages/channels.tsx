import { channelPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { ChannelsPage as Page } from '../models.channels.ts'
import type { Moment } from '../models.ts'
import { ChannelState } from '../parts/channel-state.tsx'
import { toldInWords } from '../parts/channel-words.ts'
import { DeliveryMark } from '../parts/delivery-table.tsx'
import { Relative } from '../parts/when.tsx'

/** `GET /channels`. */
export const ChannelsPage = ({ page: { frame, items } }: { page: Page }) => (
  <Layout frame={frame} title="Channels" here="channels">
    <div class="title">
      <h1>Channels</h1>
      <p class="soft">
        Where people are told what did not happen. <a href="/deliveries">All deliveries</a>
      </p>
    </div>
    {items.length === 0 ? (
      <p class="nothing">No channel yet: what is missed stands on the board, and nobody is told.</p>
    ) : (
      <Table items={items} moment={frame.moment} />
    )}
    {frame.may.includes('admin') && (
      <p class="more">
        <a class="btn" href="/channels/new">
          Add a channel
        </a>
      </p>
    )}
  </Layout>
)

const Table = ({ items, moment }: { items: Page['items']; moment: Moment }) => (
  <table class="data">
    <thead>
      <tr>
        <th scope="col">Channel</th>
        <th scope="col">Told</th>
        <th scope="col">State</th>
        <th scope="col">Last delivery</th>
      </tr>
    </thead>
    <tbody>
      {items.map((item) => (
        <Row item={item} moment={moment} />
      ))}
    </tbody>
  </table>
)

const Row = ({ item: { channel, last }, moment }: { item: Page['items'][number]; moment: Moment }) => (
  <tr id={`channel-${channel.id}`}>
    <td class="source">
      <a class="name" href={channelPath(channel.id)}>
        {channel.name}
      </a>
      <div class="soft small">{channel.kind}</div>
    </td>
    <td class="full source">{toldInWords(channel)}</td>
    <td>
      <ChannelState channel={channel} moment={moment} />
    </td>
    <td>
      {last === null ? (
        <span class="soft">none</span>
      ) : (
        <>
          <DeliveryMark state={last.state} /> <Relative at={last.createdAt} moment={moment} />
        </>
      )}
    </td>
  </tr>
)
