import * as v from 'valibot'
import { STATUSES } from '../../domain/affirmation.ts'
import { description, env, instant, key, name, page, search, tags, word } from './fields.ts'

export const newEvent = v.strictObject({
  name,
  description: v.optional(description, ''),
  tags: v.optional(tags, []),
  key: v.optional(key),
})

export const eventChange = v.strictObject({
  name: v.optional(name),
  description: v.optional(description),
  tags: v.optional(tags),
})

export const eventsQuery = v.strictObject({ ...page, q: v.optional(search), tag: v.optional(search), env: v.optional(env) })

export const affirmationsQuery = v.strictObject({
  ...page,
  env: v.optional(env),
  status: v.optional(word(STATUSES)),
  source: v.optional(search),
  from: v.optional(instant),
  to: v.optional(instant),
})

export const countsQuery = v.strictObject({
  env: v.optional(env),
  from: v.optional(instant),
  to: v.optional(instant),
  bucket: v.optional(word(['1m', '1h', '1d']), '1h'),
})

export const deletion = v.strictObject({ confirm: v.optional(v.string()) })
