import type { AskView, SignedView } from '../../../views/models.sign-off.ts'
import type { Affirmation } from '../../domain/affirmation.ts'
import { describe } from '../../domain/expectation.ts'
import type { Millis } from '../../domain/time.ts'
import type { Ask, Wanted } from '../../services/asks.ts'

/** A note is kept as a JSON text; what else is there was no note. */
function noteIn(value: string | null): string | null {
  const read: unknown = value === null ? null : JSON.parse(value)
  return typeof read === 'string' ? read : null
}

const signedView = ({ source, at, value }: Affirmation): SignedView => ({ by: source, at, note: noteIn(value) })

/** Until when it counts though it was due before; null while it is not. */
const graceOf = ({ expectation: { nextDue }, awaited: { window } }: Wanted): Millis | null =>
  nextDue !== null && window.to > nextDue ? window.to : null

/** What was read becomes what is drawn. `signer` is who looks, as a source; null where nobody is asked. `name` stands in its field. */
export function askView({ event, env, wanted, lately }: Ask, signer: string | null, name: string): AskView {
  const [lead] = wanted
  const from = lead?.awaited.window.from ?? Number.POSITIVE_INFINITY
  const inWindow = lately.filter(({ at }) => at >= from)
  const before = lately.find(({ at }) => at < from)
  const ofDifferent = lead?.expectation.terms.count === 'sources'
  return {
    event: event.name,
    env,
    description: event.description,
    standing: lead?.standing ?? 'unasked',
    state: lead?.state ?? 'waiting',
    due: lead?.expectation.nextDue ?? null,
    graceTo: lead === undefined ? null : graceOf(lead),
    opensAt: from,
    missing: lead === undefined ? 0 : Math.max(0, lead.awaited.atLeast - lead.awaited.seen),
    ofDifferent,
    isForOthers: ofDifferent && signer !== null && inWindow.some(({ source }) => source === signer),
    sentences: wanted.map(({ expectation }) => describe(expectation.terms)),
    signed: inWindow.map(signedView),
    last: before === undefined ? null : signedView(before),
    form: { values: { by: name, note: '', env }, errors: {} },
    confirm: null,
  }
}
