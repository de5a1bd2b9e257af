import * as v from 'valibot'
import { SECOND } from '../../domain/time.ts'
import { bool, description, duration, env, instant, nameOrKey, page, search, word } from './fields.ts'

const open = v.optional(word(['true', 'false']))
const text = v.optional(search, '')

export const incidentsQuery = v.strictObject({ ...page, open, env: v.optional(env), event: v.optional(nameOrKey) })

/** `takeOver`: also from somebody who has it. */
export const acknowledgement = v.strictObject({
  note: v.optional(v.nullable(description), null),
  takeOver: v.optional(bool, false),
})

/** To whom it is given; null: to nobody. */
export const assignment = v.strictObject({ to: v.nullable(search) })

export const comment = v.strictObject({
  comment: v.pipe(
    description,
    v.check((text) => text.trim() !== '', 'write something first'),
  ),
})

const snoozeFor = duration(SECOND, 'at least 1s')
const ONE_OF = 'write {"until": an instant} or {"for": a duration}; null for either ends it'

/** An instant, or a duration from now on; null for either ends it. */
export const snoozing = v.pipe(
  v.strictObject({ until: v.optional(v.nullable(instant)), for: v.optional(v.nullable(snoozeFor)) }),
  v.check((said) => (said.until === undefined) !== (said.for === undefined), ONE_OF),
)

/** The same as forms hold them. */
export const assignedInForm = v.object({ to: search })
export const snoozedInForm = v.object({ for: snoozeFor })

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
