import { observedOfWanted } from '../judged.ts'
import type { ChartView } from '../models.chart.ts'
import type { Moment } from '../models.ts'
import { dayAndClock, grouped } from '../words.ts'

type Props = { chart: ChartView; moment: Moment }

/** What the picture shows, for who cannot see it. */
export const ChartTable = ({ chart, moment }: Props) => (
  <details class="small">
    <summary>The same as a table</summary>
    {chart.windows !== null && chart.windows.length > 0 ? (
      <Windows chart={chart} moment={moment} />
    ) : (
      <Bars chart={chart} moment={moment} />
    )}
  </details>
)

const Windows = ({ chart: { windows }, moment }: Props) => (
  <table class="data keep">
    <thead>
      <tr>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col" class="num">
          Seen
        </th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
    <tbody>
      {windows?.map((verdict) => (
        <tr>
          <td>{dayAndClock(verdict.window.from, moment)}</td>
          <td>{dayAndClock(verdict.window.to, moment)}</td>
          <td class="num">{verdict.reported ? '–' : observedOfWanted(verdict)}</td>
          <td>{verdict.reported ? 'missed (reported failure)' : verdict.verdict}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** Every bar in which something arrived or was judged. */
function rowsOf({ bars, tallies }: ChartView) {
  const rows = new Map(bars.map(({ from, ok, fail }) => [from, { from, ok, fail, met: 0, missed: 0, unknown: 0 }]))
  for (const { from, met, missed, unknown } of tallies)
    rows.set(from, { ...(rows.get(from) ?? { from, ok: 0, fail: 0 }), met, missed, unknown })
  return [...rows.values()].sort((a, b) => a.from - b.from)
}

const COLUMNS = ['ok', 'fail', 'met', 'missed', 'unknown'] as const

const Bars = ({ chart, moment }: Props) => (
  <table class="data keep">
    <thead>
      <tr>
        <th scope="col">From</th>
        {COLUMNS.map((name) => (
          <th scope="col" class="num">
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rowsOf(chart).map((row) => (
        <tr>
          <td>{dayAndClock(row.from, moment)}</td>
          {COLUMNS.map((name) => (
            <td class="num">{grouped(row[name])}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)
