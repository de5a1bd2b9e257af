import type { MaintenanceField } from '../../../views/models.maintenance.ts'
import { formatDuration, parseDuration } from '../../domain/duration.ts'
import type { FieldError } from '../../domain/fault.ts'
import { readLocal, writeLocal } from '../../domain/local-time.ts'
import { LONGEST_MAINTENANCE, LONGEST_MAINTENANCE_NAME, type Maintenance } from '../../domain/maintenance.ts'
import { type Duration, HOUR, iso, type Millis, minuteOf } from '../../domain/time.ts'
import { checkTimeZone } from '../../domain/zone.ts'
import type { MaintenanceDraft } from '../../store/store.ts'
import { maintenanceOf, newMaintenance } from '../schema/maintenance.ts'
import { read } from '../schema/read.ts'
import { tagsOf } from './form.ts'

type Values = Record<MaintenanceField, string>

const EMPTY: Values = {
  ...{ name: '', kind: 'once', from: '', to: '', schedule: '', lasts: '', timeZone: '', events: '', tags: '', envs: '' },
}

/** What the address asks to begin with: an event that it is for, and how long it lasts from now on. */
export type Asked = { event: string; plan: string; for: string }

const lengthOf = (text: string): Duration => Math.min(parseDuration(text) ?? HOUR, LONGEST_MAINTENANCE)

/** A form in which only that is filled in. `zone` is the server's. */
export function blankMaintenance({ event, plan, for: lasts }: Asked, now: Millis, zone: string): Values {
  const from = minuteOf(now)
  const isNow = lasts !== '' && plan !== 'again'
  return {
    ...EMPTY,
    name: event === '' && isNow ? 'Maintenance' : event.slice(0, LONGEST_MAINTENANCE_NAME),
    kind: plan === 'again' ? 'again' : 'once',
    ...(isNow ? { from: writeLocal(from, zone), to: writeLocal(from + lengthOf(lasts), zone) } : {}),
    timeZone: zone,
    events: event,
  }
}

/** The form of one that is there. */
export function maintenanceValues({ name, plan, match }: Maintenance, zone: string): Values {
  const { events = [], tags = [], envs = [] } = match ?? {}
  const lists = { events: events.join(' '), tags: tags.join(' '), envs: envs.join(' ') }
  if (plan.kind === 'again') {
    const { expression: schedule, timeZone, lasts } = plan
    return { ...EMPTY, ...lists, name, kind: 'again', schedule, timeZone, lasts: formatDuration(lasts) }
  }
  const [from, to] = [writeLocal(plan.from, zone), writeLocal(plan.to, zone)]
  return { ...EMPTY, ...lists, name, from, to, timeZone: zone }
}

type Part = { input: Record<string, unknown>; wrong: FieldError[] }

/** What the clock shows in the zone; a zone that is none leaves nothing to be read. */
function onceOf({ from, to, timeZone }: Values, zone: string): Part {
  const within = timeZone.trim() || zone
  const trouble = checkTimeZone(within)
  const times = Object.entries({ from, to }).map(([path, text]) => ({ path, at: trouble === null ? readLocal(text, within) : 0 }))
  return {
    input: Object.fromEntries(times.map(({ path, at }) => [path, at === null ? iso(0) : iso(at)])),
    wrong: [
      ...(trouble === null ? [] : [{ path: 'timeZone', detail: trouble }]),
      ...times
        .filter(({ at }) => at === null)
        .map(({ path }) => ({ path, detail: 'must be a day and a time, like 2026-03-04 22:00' })),
    ],
  }
}

const given = (field: string, text: string): Record<string, string> => (text.trim() === '' ? {} : { [field]: text.trim() })

/** What the form asks for; a fault that tells every wrong field. `zone` is what an empty time zone means. */
export function maintenanceTyped(values: Values, zone: string): MaintenanceDraft {
  const { schedule, lasts, timeZone } = values
  const isAgain = values.kind === 'again'
  const { input, wrong } = isAgain
    ? { input: { schedule: schedule.trim(), ...given('timeZone', timeZone), ...given('lasts', lasts) }, wrong: [] }
    : onceOf(values, zone)
  const match = { events: tagsOf(values.events), tags: tagsOf(values.tags), envs: tagsOf(values.envs) }
  return maintenanceOf(read(newMaintenance, { name: values.name.trim(), ...input, match }, wrong), zone)
}
