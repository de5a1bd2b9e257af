import { DELIVERY_STATES } from '../../src/domain/delivery.ts'
import { MESSAGE_KINDS } from '../../src/domain/message.ts'
import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { DeliveriesPage as Page } from '../models.channels.ts'
import { DeliveryTable } from '../parts/delivery-table.tsx'
import { Options, plainly } from '../parts/field.tsx'

type Props = { page: Page }

const HERE = '/deliveries'

/** `GET /deliveries`: what was sent, waits, was withheld or failed. */
export const DeliveriesPage = ({ page }: Props) => (
  <Layout frame={page.frame} title="Deliveries" here="channels">
    <div class="title">
      <p class="small soft">
        <a href="/channels">Channels</a> / deliveries
      </p>
      <h1>Deliveries</h1>
    </div>
    <section aria-label="Deliveries, newest first">
      <Filter page={page} />
      <List page={page} />
    </section>
  </Layout>
)

const Filter = ({ page: { filter, channels } }: Props) => (
  <search>
    <form class="pair sift" method="get" action={HERE}>
      <div class="field">
        <label for="channel">Channel</label>
        <select id="channel" name="channel">
          <Options
            chosen={filter.channel}
            choices={[{ value: '', says: 'any' }, ...channels.map(({ id, name }) => ({ value: `${id}`, says: name }))]}
          />
        </select>
      </div>
      <div class="field">
        <label for="state">State</label>
        <select id="state" name="state">
          <Options chosen={filter.state} choices={[{ value: '', says: 'any' }, ...plainly(DELIVERY_STATES)]} />
        </select>
      </div>
      <div class="field">
        <label for="kind">What is told</label>
        <select id="kind" name="kind">
          <Options chosen={filter.kind} choices={[{ value: '', says: 'any' }, ...plainly(MESSAGE_KINDS)]} />
        </select>
      </div>
      <button class="btn" type="submit">
        Filter
      </button>
    </form>
  </search>
)

const List = ({ page: { items, filter, cursor, next, frame } }: Props) => {
  const isFiltered = Object.values(filter).some((one) => one !== '')
  if (items.length === 0)
    return (
      <p class="nothing">
        {isFiltered ? 'No delivery matches.' : 'Nothing was sent yet: nothing was missed, or no channel is there.'}
      </p>
    )
  return (
    <>
      <DeliveryTable items={items} moment={frame.moment} hasChannel />
      <p class="small line more">
        {next !== null && <a href={withQuery(HERE, { ...filter, cursor: next })}>Older</a>}
        {filter.flood !== '' && <a href={HERE}>Show all of them</a>}
        {cursor !== null && <a href={withQuery(HERE, filter)}>To the newest</a>}
      </p>
    </>
  )
}
