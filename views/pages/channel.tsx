import { channelPath, withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { ChannelFormView, ChannelPage as Page } from '../models.channels.ts'
import { ChannelActs, ChannelRemove, Tested } from '../parts/channel-acts.tsx'
import { ChannelFields, channelLabels } from '../parts/channel-fields.tsx'
import { ChannelState } from '../parts/channel-state.tsx'
import { toldInWords } from '../parts/channel-words.ts'
import { DeliveryTable } from '../parts/delivery-table.tsx'
import { Mistakes } from '../parts/field.tsx'
import { Glyph } from '../parts/glyph.tsx'

/** `GET /channels/:id`, and with 422 the answer to its forms. */
export const ChannelPage = ({ page }: { page: Page }) => {
  const { frame, channel, edit } = page
  return (
    <Layout frame={frame} title={channel.name} here="channels">
      <div class="title">
        <p class="small soft source">
          <a href="/channels">Channels</a> / {channel.name}
        </p>
        <h1 class="source">{channel.name}</h1>
        <p class="soft">
          {channel.kind}: {toldInWords(channel)}
        </p>
        <p>
          <ChannelState channel={channel} moment={frame.moment} />
        </p>
        {page.warnings.map((said) => (
          <p class="state wrap late">
            <Glyph of="warn" /> <span class="source">{said}</span>
          </p>
        ))}
        {edit !== null && <ChannelActs channel={channel} />}
        <Tested page={page} />
      </div>
      <div class="cols">
        <Deliveries page={page} />
        {edit !== null && (
          <section class="part-of" aria-labelledby="edit-h">
            <h2 id="edit-h">Edit</h2>
            <div class="stack">
              <Form id={channel.id} view={edit} />
              <ChannelRemove channel={channel} remove={page.remove} />
            </div>
          </section>
        )}
      </div>
    </Layout>
  )
}

const Form = ({ id, view }: { id: number; view: ChannelFormView }) => (
  <form class="fields" method="post" action={channelPath(id)} novalidate>
    <Mistakes form={view.form} labels={channelLabels(view)} />
    <ChannelFields view={view} />
    <p>
      <button class="btn go" type="submit">
        Save the channel
      </button>
    </p>
  </form>
)

const Deliveries = ({ page: { channel, deliveries, isMore, frame } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="deliveries-h">
    <h2 id="deliveries-h">Deliveries</h2>
    {deliveries.length === 0 ? (
      <p class="nothing">Nothing was sent there yet.</p>
    ) : (
      <DeliveryTable items={deliveries} moment={frame.moment} hasChannel={false} />
    )}
    {isMore && (
      <p class="more">
        <a href={withQuery('/deliveries', { channel: channel.id })}>All deliveries of this channel</a>
      </p>
    )}
  </section>
)
