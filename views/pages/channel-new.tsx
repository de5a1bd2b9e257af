import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { ChannelFormView, NewChannelPage as Page } from '../models.channels.ts'
import { ChannelFields, channelLabels } from '../parts/channel-fields.tsx'
import { Mistakes } from '../parts/field.tsx'

/** `GET /channels/new`: a kind is chosen first; `POST /channels` answers with it where something is wrong. */
export const NewChannelPage = ({ page: { frame, kinds, chosen } }: { page: Page }) => (
  <Layout frame={frame} title="New channel" here="channels">
    <div class="title">
      <p class="small soft">
        <a href="/channels">Channels</a> / {chosen === null ? 'new' : <a href="/channels/new">new</a>}
        {chosen !== null && <> / {chosen.label}</>}
      </p>
      <h1>{chosen === null ? 'How are people told?' : chosen.label}</h1>
    </div>
    {chosen === null ? <Kinds kinds={kinds} /> : <Form view={chosen} />}
  </Layout>
)

const Kinds = ({ kinds }: Pick<Page, 'kinds'>) => (
  <ul class="list">
    {kinds.map(({ kind, label }) => (
      <li>
        <a href={withQuery('/channels/new', { kind })}>{label}</a>
      </li>
    ))}
  </ul>
)

const Form = ({ view }: { view: ChannelFormView }) => (
  <form class="fields" method="post" action="/channels" novalidate>
    <Mistakes form={view.form} labels={channelLabels(view)} />
    <input type="hidden" name="kind" value={view.kind} />
    <ChannelFields view={view} />
    <p class="line">
      <button class="btn go" type="submit">
        Add the channel
      </button>
      <a href="/channels">Cancel</a>
    </p>
  </form>
)
