import { eventPath } from '../addresses.ts'
import type { ChartView } from '../models.chart.ts'
import { Options } from './field.tsx'

const SPANS: Record<string, string> = { '90m': '90 min', '1d': '1 day', '30d': '30 days' }

/** How much time the chart shows, and whose windows where there are several. Links and a form: the address holds both. */
export const ChartSwitch = ({ event, chart }: { event: string; chart: ChartView }) => (
  <form class="line small" method="get" action={`${eventPath(event)}#chart`}>
    {chart.expectation !== null && chart.choices.length < 2 && <span class="soft">{chart.expectation.wanted}</span>}
    {chart.choices.length > 1 && (
      <span class="of">
        <label class="vh" for="chart-of">
          Whose windows
        </label>
        <select id="chart-of" name="of">
          <Options
            chosen={`${chart.expectation?.id ?? ''}`}
            choices={chart.choices.map(({ id, sentence }) => ({ value: `${id}`, says: sentence }))}
          />
        </select>
      </span>
    )}
    <fieldset class="switch">
      <legend class="vh">Span</legend>
      {chart.spans.map((span) => (
        <button type="submit" name="span" value={span} aria-pressed={span === chart.span ? 'true' : 'false'}>
          {SPANS[span] ?? span}
        </button>
      ))}
    </fieldset>
  </form>
)
