import type { Millis } from '../../src/domain/time.ts'
import type { Moment, PreviewView, Warning } from '../models.ts'
import { relative, zoned } from '../words.ts'
import { EXPECTATION_LABELS } from './expectation-labels.ts'
import { spaced } from './field.tsx'
import { Glyph } from './glyph.tsx'

type Props = { preview: PreviewView }
type Clear = Extract<PreviewView, { kind: 'clear' }>

/** The pieces that follow the typing, fetched from `POST /expectations/preview`. */
export const PREVIEW_PIECES = ['says', 'warnings', 'next-dues'] as const

/** The sentence: the headline of the form. */
export const Says = ({ preview }: Props) => (
  <div id="says">
    {preview.kind === 'clear' && (
      <p class="says">
        <output>{preview.sentence}</output>
      </p>
    )}
    {preview.kind === 'clear' && preview.was.length > 0 && (
      <p class="stale small">
        Shown, and counted below, with {preview.was.map(({ field, value }) => lastOf(field, value)).join(' and ')}.
      </p>
    )}
    {preview.kind === 'unclear' && (
      <p class="stale small">Not readable yet: {preview.fields.map((field) => EXPECTATION_LABELS[field]).join(', ')}.</p>
    )}
    {preview.kind === 'blank' && <p class="soft">Write a schedule, and here stands what it means.</p>}
  </div>
)

const lastOf = (field: string, value: string): string =>
  `the last ${spaced(field)} that could be read: ${value === '' ? 'none' : value}`

/** What may be meant otherwise. The values that could be read ride along: they stand in while a field is half typed. "Use" is an ordinary button that asks for the preview of the other schedule; the script spares the page. */
export const Warnings = ({ preview, wrong }: Props & { wrong: string | undefined }) => (
  <div id="warnings">
    {preview.kind === 'clear' && <input type="hidden" name="was" value={JSON.stringify(preview.values)} />}
    {preview.kind === 'clear' &&
      toldOf(preview, wrong).map((warning) =>
        warning.isHint ? <p class="hint">{warning.detail}</p> : <WarningBox warning={warning} />,
      )}
  </div>
)

/** None while a field cannot be read, for they are of what stands no more; and not twice what stands at the field. */
const toldOf = ({ was, warnings }: Clear, wrong: string | undefined): readonly Warning[] =>
  was.length > 0 ? [] : warnings.filter(({ detail }) => detail !== wrong)

const WarningBox = ({ warning: { detail, suggestion } }: { warning: Warning }) => (
  <div class="warn">
    <p class="state wrap late">
      <Glyph of="warn" /> <span>{detail}</span>
    </p>
    {suggestion !== undefined && (
      <button class="btn" type="submit" formaction="/expectations/preview" name="use" value={suggestion} data-fill="schedule">
        Use <code>{suggestion}</code>
      </button>
    )}
  </div>
)

/** When it would be due. */
export const NextDues = ({ preview, moment }: Props & { moment: Moment }) => (
  <section id="next-dues" class="part-of" aria-labelledby="next-dues-h">
    <h2 id="next-dues-h">The next five</h2>
    {preview.kind === 'clear' ? (
      <DueTable next={preview.next} timeZone={preview.timeZone} moment={moment} />
    ) : (
      <p class="soft">Shown as soon as the schedule can be read.</p>
    )}
  </section>
)

/** The zone to read the schedule's times in besides its own: the server's, or UTC where that is the schedule's. */
const otherZone = (timeZone: string, moment: Moment): string | null =>
  [moment.timeZone, 'UTC'].find((zone) => zone !== timeZone) ?? null

const DueTable = ({ next, timeZone, moment }: { next: readonly Millis[]; timeZone: string; moment: Moment }) => {
  if (next.length === 0) return <p class="soft">It never fires.</p>
  const other = otherZone(timeZone, moment)
  return (
    <table class="data keep">
      <thead>
        <tr>
          <th scope="col">{other === null ? timeZone : `${timeZone}, the schedule’s zone`}</th>
          {other !== null && <th scope="col">{other === moment.timeZone ? `${other}, yours` : other}</th>}
          <th scope="col">From now</th>
        </tr>
      </thead>
      <tbody>
        {next.map((at) => (
          <tr>
            <td>{zoned(at, timeZone)}</td>
            {other !== null && <td>{zoned(at, other)}</td>}
            <td>{relative(at, moment.now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
