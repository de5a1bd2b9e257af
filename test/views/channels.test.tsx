import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { test } from 'node:test'
import { KINDS } from '../../src/channels/registry.ts'
import { CHANNEL_KINDS } from '../../src/domain/channel.ts'
import { blankValues } from '../../src/http/pages/channel-input.ts'
import { formView } from '../../src/http/pages/channel-views.ts'
import { aChannels } from '../../src/services/channels.ts'
import type { Store } from '../../src/store/store.ts'
import type { ChannelView } from '../../views/models.channels.ts'
import { NewChannelPage } from '../../views/pages/channel-new.tsx'
import { ChannelState } from '../../views/parts/channel-state.tsx'
import { toldInWords } from '../../views/parts/channel-words.ts'
import { PLAIN_SECRETS } from '../support/channels.ts'
import { rendered } from './render.tsx'
import { aFrame } from './samples.ts'

const ALLOWED = { addresses: new BlockList(), commands: new Set<string>(), variables: {} }

const channels = aChannels({ store: {} as Store, kinds: KINDS, secrets: PLAIN_SECRETS, allowed: ALLOWED })
const labelOf = (html: string, id: string): boolean => html.includes(`<label for="${id}">`)

for (const kind of CHANNEL_KINDS)
  test(`${kind}: its form asks for each of its settings, and hides what is secret`, async () => {
    const chosen = formView(channels, kind, null, { values: blankValues(), errors: {} })
    const html = await rendered(<NewChannelPage page={{ frame: aFrame(), kinds: [], chosen }} />)
    assert.ok(chosen.settings.length > 0)
    for (const { name, type, isSecret } of chosen.settings) {
      assert.ok(labelOf(html, `settings-${name}`), name)
      const [control = ''] = new RegExp(`<(input|textarea) id="settings-${name}"[^>]*>`).exec(html) ?? []
      const isLine = type === 'text' || type === 'url'
      assert.ok(control.startsWith(isLine ? '<input' : '<textarea'), control)
      if (isLine) assert.equal(control.includes('type="password"'), isSecret, control)
    }
  })

const aChannel: ChannelView = {
  id: 1,
  name: 'ops',
  kind: 'Slack',
  when: ['missed', 'recovered'],
  match: null,
  isDefault: false,
  isEnabled: true,
  failingSince: null,
  failures: 0,
}

test('what a channel is told is one sentence', () => {
  assert.equal(toldInWords(aChannel), 'missed and recovered, of everything')
  assert.equal(toldInWords({ ...aChannel, when: ['met'], isDefault: true }), 'met, of what no other channel is for')
  const match = { events: ['etl_*', 'sync'], tags: ['money'], envs: ['prod'], severities: ['critical'] } as const
  assert.equal(
    toldInWords({ ...aChannel, when: ['missed'], match }),
    'missed, of etl_* and sync, tagged money, in prod, critical only',
  )
  assert.equal(toldInWords({ ...aChannel, match: { tags: ['web'] } }), 'missed and recovered, of everything tagged web')
  assert.equal(toldInWords({ ...aChannel, match: { envs: ['staging'] } }), 'missed and recovered, of everything in staging')
  assert.equal(
    toldInWords({ ...aChannel, match: { severities: ['critical'] } }),
    'missed and recovered, of everything, critical only',
  )
})

test('a channel says whether what is sent there arrives', async () => {
  const { moment } = aFrame()
  const said = (some: Partial<ChannelView>) => rendered(<ChannelState channel={{ ...aChannel, ...some }} moment={moment} />)
  assert.match(await said({}), /state met.* on</)
  assert.match(await said({ isEnabled: false, failingSince: moment.now }), /state paused.*switched off/)
  const failing = await said({ failingSince: moment.now - 7_200_000, failures: 12 })
  assert.match(failing, /state wrap missed.*failing for <time[^>]*>2 h<\/time>, 12 tries/)
})
