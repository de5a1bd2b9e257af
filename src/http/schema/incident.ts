import * as v from 'valibot'
import { bool, description, env, nameOrKey, page, search, word } from './fields.ts'

const open = v.optional(word(['true', 'false']))
const text = v.optional(search, '')

export const incidentsQuery = v.strictObject({ ...page, open, env: v.optional(env), event: v.optional(nameOrKey) })

/** `takeOver`: also from somebody who has it. */
export const acknowledgement = v.strictObject({
  note: v.optional(v.nullable(description), null),
  takeOver: v.optional(bool, false),
})

/** As the page's own address holds them. */
const isOpenWord = (said: string): boolean => ['', 'true', 'false'].includes(said)
const filter = {
  q: text,
  env: text,
  open: v.optional(v.pipe(v.string(), v.check(isOpenWord, 'must be true, false or empty')), ''),
}
export const incidentsPageQuery = v.object({ ...filter, cursor: v.optional(v.pipe(v.string(), v.maxLength(1_000)), '') })
export const incidentsExportQuery = v.object(filter)

/** What is typed beside an incident. */
export const noted = v.object({ note: description, by: search })
