import type { IncidentPage } from '../models.incidents.ts'
import type { AffirmationView, Moment, VerdictView } from '../models.ts'
import { valueInWords } from '../value.ts'
import { leadingZone, windowInWords } from '../words.ts'
import { Glyph } from './glyph.tsx'
import { Clock } from './when.tsx'

type Props = { page: IncidentPage }

/** What came before, in and after the window that was missed, which is a row of its own. A live piece. */
export const IncidentAround = ({ page: { around, opening, frame } }: Props) => (
  <section class="part-of" id="around" aria-labelledby="around-h">
    <h2 id="around-h">Affirmations around it</h2>
    {around === null || opening === null ? (
      <p>They are not known any more.</p>
    ) : (
      <table class="data">
        <thead>
          <tr>
            <th scope="col">At, {leadingZone(frame.moment)}</th>
            <th scope="col">Status</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          <Rows items={around.before} moment={frame.moment} />
          {!opening.reported && <Hole verdict={opening} moment={frame.moment} />}
          <Rows items={around.inside} moment={frame.moment} />
          {around.isMoreInside && <Gap>and more in this window</Gap>}
          <Rows items={around.after} moment={frame.moment} />
          {around.after.length === 0 && <Gap>nothing since</Gap>}
        </tbody>
      </table>
    )}
  </section>
)

const Gap = ({ children }: { children?: string }) => (
  <tr>
    <td colspan={3} class="full soft">
      {children}
    </td>
  </tr>
)

/** "06:40 to 07:00: nothing that counts". */
const Hole = ({ verdict, moment }: { verdict: VerdictView; moment: Moment }) => (
  <tr class={verdict.verdict === 'missed' ? 'hole' : undefined}>
    <td colspan={3} class="full">
      {windowInWords(verdict.window, verdict.due, moment)}: {holeInWords(verdict)}
    </td>
  </tr>
)

function holeInWords({ verdict, observed, atMost, reason }: VerdictView): string {
  if (verdict !== 'missed') return 'filled by late news since'
  if (atMost !== null && observed > atMost) return reason
  return observed === 0 ? 'nothing that counts' : `${reason} that count`
}

const GLYPHS: Record<string, 'met' | 'missed'> = { ok: 'met', fail: 'missed' }

const Rows = ({ items, moment }: { items: readonly AffirmationView[]; moment: Moment }) => (
  <>
    {items.map(({ at, status, source, value }) => {
      const glyph = GLYPHS[status]
      return (
        <tr>
          <td>
            <Clock at={at} moment={moment} />
          </td>
          <td>
            <span class={glyph === undefined ? 'soft' : `state ${glyph}`}>
              {glyph !== undefined && <Glyph of={glyph} />} {status}
            </span>
          </td>
          <td class="full source">
            {source} {value !== null && <code class="about soft">{valueInWords(value).text}</code>}
          </td>
        </tr>
      )
    })}
  </>
)
