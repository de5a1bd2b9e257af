import * as v from 'valibot'
import {
  CHANNEL_KINDS,
  CHANNEL_NAME_RULE,
  isChannelName,
  type Match,
  SEVERITIES,
  USUAL_REMINDER,
  WHENS,
} from '../../domain/channel.ts'
import { DELIVERY_STATES } from '../../domain/delivery.ts'
import { MESSAGE_KINDS } from '../../domain/message.ts'
import { MINUTE } from '../../domain/time.ts'
import type { ChannelDraft } from '../../store/store.ts'
import { bool, countText, duration, env, instant, page, search, tags, word } from './fields.ts'

const MOST_NAMED = 100
const text = v.string('must be a text')
const PATTERN_RULE =
  'a name of an event, in which * (at most 3 of them) stands for anything: up to 128 of letters, digits, _ . : - and *'
/** Each further star multiplies the time that a long name can take. */
const isPattern = (said: string): boolean => /^[A-Za-z0-9_.:*-]{1,128}$/.test(said) && said.split('*').length <= 4

const listOf = <S extends v.GenericSchema<unknown, string>>(one: S, what: string) =>
  v.pipe(
    v.array(one, `must be a list of ${what}`),
    v.maxLength(MOST_NAMED, `at most ${MOST_NAMED}`),
    v.transform((list) => [...new Set(list)] as v.InferOutput<S>[]),
  )

/** What asks for nothing is null: two ways to say the same would look like an edit. */
function matchOf(asked: Match): Match | null {
  const said = Object.entries(asked).filter(([, list]) => list !== undefined && list.length > 0)
  return said.length === 0 ? null : (Object.fromEntries(said) as Match)
}

const match = v.pipe(
  v.strictObject({
    events: v.optional(listOf(v.pipe(text, v.check(isPattern, PATTERN_RULE)), 'names')),
    tags: v.optional(tags),
    envs: v.optional(listOf(env, 'environments')),
    severities: v.optional(listOf(word(SEVERITIES), 'severities')),
  }),
  v.transform((asked) => matchOf(asked as Match)),
)

const when = v.pipe(
  v.array(word(WHENS), `must be a list of ${WHENS.join(', ')}`),
  v.minLength(1, `at least one of ${WHENS.join(', ')}`),
  v.check(
    (asked) => !asked.includes('reminder') || asked.includes('missed'),
    'reminder needs missed: nobody is reminded of what they were not told',
  ),
  // In one order, and each once, however they were written.
  v.transform((asked) => WHENS.filter((one) => asked.includes(one))),
)

/** `settings` are checked by their kind's fields. */
export const newChannel = v.strictObject({
  name: v.pipe(text, v.check(isChannelName, CHANNEL_NAME_RULE)),
  kind: word(CHANNEL_KINDS),
  settings: v.record(v.string(), v.unknown(), 'must be an object'),
  when: v.optional(when, ['missed', 'recovered']),
  match: v.optional(v.nullable(match), null),
  default: v.optional(bool, false),
  remindEvery: v.optional(v.nullable(duration(MINUTE, 'at least 1m, or null for never'))),
  enabled: v.optional(bool, true),
})

/** Who is to be reminded and not how often, is reminded every four hours. */
export function channelDraftOf(read: v.InferOutput<typeof newChannel>): ChannelDraft {
  const { default: isDefault, enabled: isEnabled, remindEvery, ...rest } = read
  const usual = rest.when.includes('reminder') ? USUAL_REMINDER : null
  return { ...rest, isDefault, isEnabled, remindEvery: remindEvery === undefined ? usual : remindEvery }
}

export const channelsQuery = v.strictObject({})

const id = countText(1, 9_999_999_999)
export const deliveriesQuery = v.strictObject({
  ...page,
  channel: v.optional(id),
  incident: v.optional(id),
  state: v.optional(word(DELIVERY_STATES)),
  kind: v.optional(word(MESSAGE_KINDS)),
  from: v.optional(instant),
  to: v.optional(instant),
})

/** As the page's own address holds them. */
const isState = (said: string): boolean => said === '' || DELIVERY_STATES.some((state) => state === said)
const isKind = (said: string): boolean => said === '' || MESSAGE_KINDS.some((kind) => kind === said)
export const deliveriesPageQuery = v.object({
  channel: v.optional(v.pipe(v.string(), v.regex(/^\d{0,10}$/, 'must be the number of a channel')), ''),
  state: v.optional(v.pipe(v.string(), v.check(isState, `must be one of ${DELIVERY_STATES.join(', ')}, or empty`)), ''),
  kind: v.optional(v.pipe(v.string(), v.check(isKind, `must be one of ${MESSAGE_KINDS.join(', ')}, or empty`)), ''),
  flood: v.optional(v.pipe(v.string(), v.regex(/^\d{0,10}$/, 'must be the number of a flood')), ''),
  cursor: v.optional(search, ''),
})
