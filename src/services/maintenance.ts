import type { Author } from '../domain/audit.ts'
import { durationInWords } from '../domain/duration.ts'
import { Fault, type FieldError, invalid } from '../domain/fault.ts'
import { LONGEST_MAINTENANCE, type Maintenance, MOST_MAINTENANCE, type Plan, SHORTEST_LASTING } from '../domain/maintenance.ts'
import { duesAfter } from '../domain/schedule.ts'
import { type Duration, iso, type Millis } from '../domain/time.ts'
import type { MaintenanceDraft, Store } from '../store/store.ts'

/** Whoever changes something is noted in the audit log with it. */
export type Maintaining = {
  /** Also one that is over. Throws `not-found`. */
  find(id: number): Promise<Maintenance>
  /** Throws `invalid`, and `conflict` when there are too many. */
  plan(draft: MaintenanceDraft, at: Millis, by: Author): Promise<Maintenance>
  /** What is over stays as it was: that throws `conflict`. */
  change(id: number, to: MaintenanceDraft, at: Millis, by: Author): Promise<Maintenance>
  /** It holds nothing from now on, and does not come again. Throws `conflict` when it is over already. */
  end(id: number, at: Millis, by: Author): Promise<void>
}

type Once = Extract<Plan, { kind: 'once' }>
type Again = Extract<Plan, { kind: 'again' }>

const INTERVALS_LOOKED_AT = 100
const LONGEST = durationInWords(LONGEST_MAINTENANCE)

function mistakesOfOnce({ from, to }: Once, at: Millis): FieldError[] {
  if (to <= from) return [{ path: 'to', detail: 'must be later than from' }]
  if (to - from > LONGEST_MAINTENANCE) return [{ path: 'to', detail: `at most ${LONGEST} after from` }]
  return to <= at ? [{ path: 'to', detail: `must not be in the past; it is ${iso(at)} now` }] : []
}

/** The shortest time between two of the next beginnings. */
function shortestInterval(plan: Again, at: Millis): Duration {
  const dues = duesAfter(plan, at, INTERVALS_LOOKED_AT)
  return dues.reduce(
    (least, due, i) => Math.min(least, due - (dues[i - 1] ?? Number.NEGATIVE_INFINITY)),
    Number.POSITIVE_INFINITY,
  )
}

/** One that begins again before it is over would never end, and nobody would ever be told. */
function mistakesOfAgain(plan: Again, at: Millis): FieldError[] {
  if (plan.lasts < SHORTEST_LASTING) return [{ path: 'lasts', detail: `at least ${durationInWords(SHORTEST_LASTING)}` }]
  if (plan.lasts > LONGEST_MAINTENANCE) return [{ path: 'lasts', detail: `at most ${LONGEST}` }]
  const shortest = shortestInterval(plan, at)
  if (plan.lasts < shortest) return []
  return [
    { path: 'lasts', detail: `must be shorter than the shortest time between two beginnings, ${durationInWords(shortest)}` },
  ]
}

/** What no single field can tell. Throws `invalid`. */
function checkPlan(plan: Plan, at: Millis): void {
  const mistakes = plan.kind === 'once' ? mistakesOfOnce(plan, at) : mistakesOfAgain(plan, at)
  if (mistakes.length > 0) throw invalid(mistakes)
}

const tooMany = (): Fault =>
  new Fault('conflict', `${MOST_MAINTENANCE} maintenance windows are on or to come already; end those not needed.`)
const isOver = ({ name }: Maintenance): Fault =>
  new Fault('conflict', `The maintenance "${name}" is over: it stays as it was. Plan another one.`)

export function aMaintaining(store: Store): Maintaining {
  const find = async (id: number): Promise<Maintenance> => {
    const found = await store.findMaintenance(id)
    if (found === null) throw new Fault('not-found', `There is no maintenance ${id}.`)
    return found
  }

  return {
    find,

    plan: async (draft, at, by) => {
      checkPlan(draft.plan, at)
      const made = await store.createMaintenance(draft, at, by)
      if (made === 'too-many') throw tooMany()
      return made
    },

    change: async (id, to, at, by) => {
      const old = await find(id)
      checkPlan(to.plan, at)
      const changed = await store.changeMaintenance(id, to, at, by)
      if (changed === null) throw isOver(old)
      return changed
    },

    end: async (id, at, by) => {
      const old = await find(id)
      if (!(await store.endMaintenance(id, at, by))) throw isOver(old)
    },
  }
}
