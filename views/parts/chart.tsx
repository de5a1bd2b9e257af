import { DAY, HOUR, MINUTE, type Millis, type Window } from '../../src/domain/time.ts'
import { across, BASE, type Box, barsOf, boxOf, type Judged, judgedOf, TOP, WIDTH } from '../chart-geometry.ts'
import { saysOf } from '../chart-words.ts'
import type { ChartView } from '../models.chart.ts'
import type { Moment } from '../models.ts'
import { clock, day } from '../words.ts'
import { ChartSwitch } from './chart-switch.tsx'
import { ChartTable } from './chart-table.tsx'

type Props = { event: string; chart: ChartView; moment: Moment }

const BUCKETS: Record<number, string> = { [MINUTE]: 'per minute', [20 * MINUTE]: 'per 20 minutes', [8 * HOUR]: 'per 8 hours' }

/** What came in and what was made of it, as a picture, in words and as a table. A live piece. */
export const Chart = ({ event, chart, moment }: Props) => (
  <figure class="chart" id="chart">
    <div class="head">
      <h2>Affirmations {BUCKETS[chart.bucket]}</h2>
      <ChartSwitch event={event} chart={chart} />
    </div>
    <svg class="wide" viewBox={`0 0 ${WIDTH} 224`} role="img" aria-label={saysOf(chart, moment)}>
      <defs>
        <pattern id="deaf" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="hatch" d="M0 0V6" />
        </pattern>
      </defs>
      <g id="plot">
        <Plot chart={chart} moment={moment} />
      </g>
    </svg>
    <svg class="narrow" viewBox={`${WIDTH / 2} 0 ${WIDTH / 2} 224`} aria-hidden="true">
      <use href="#plot" />
    </svg>
    <figcaption>
      {saysOf(chart, moment)} <span class="narrow">On this width: the later half.</span>
    </figcaption>
    <ChartTable chart={chart} moment={moment} />
  </figure>
)

const Plot = ({ chart, moment }: Omit<Props, 'event'>) => (
  <>
    {judgedOf(chart).map((judged) => (
      <JudgedMark judged={judged} />
    ))}
    {chart.open !== null && <rect class="win" {...boxOf(chart.window, chart.open)} />}
    {barsOf(chart).map(({ fail, box }) => (
      <rect class={fail ? 'bar failed' : 'bar'} {...box} />
    ))}
    {chart.deaf.map((gap) => (
      <Deaf box={boxOf(chart.window, gap)} />
    ))}
    <path class="axis" d={`M0 ${BASE + 0.5}H${WIDTH}`} />
    <path class="now" d={`M${across(chart.window, moment.now)} ${TOP}V${BASE}`} />
    {ticksOf(chart.window, moment).map(({ at, says }) => (
      <text class="start" x={across(chart.window, at)} y="216">
        {says}
      </text>
    ))}
    <text class="end" x={WIDTH} y="216">
      now
    </text>
  </>
)

const JudgedMark = ({ judged: { verdict, box, mark, says } }: { judged: Judged }) => (
  <g class={verdict}>
    {box !== null && <rect class={verdict === 'missed' ? 'bad' : 'win'} {...box} />}
    <svg class="mark-v" x={mark.x - 7} y={mark.y} width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
      <use href={`#g-${verdict}`} />
    </svg>
    {says !== null && (
      <text x={mark.x} y="41">
        {says}
      </text>
    )}
  </g>
)

/** Wide enough for the words? Then they stand in it. */
const Deaf = ({ box }: { box: Box }) => (
  <>
    <rect class="deaf" {...box} />
    {box.width > 80 && (
      <text x={box.x + box.width / 2} y="70">
        not listening
      </text>
    )}
  </>
)

const STEPS = [15 * MINUTE, 3 * HOUR, 5 * DAY]
const MOST_TICKS = 9
/** The last one makes room for "now". */
const ROOM_FOR_NOW = 0.94

function ticksOf({ from, to }: Window, moment: Moment): { at: Millis; says: string }[] {
  const step = STEPS.find((one) => (to - from) / one < MOST_TICKS) ?? 5 * DAY
  const ticks: { at: Millis; says: string }[] = []
  for (let at = Math.ceil(from / step) * step; at < from + (to - from) * ROOM_FOR_NOW; at += step)
    ticks.push({ at, says: step < DAY ? clock(at, moment) : day(at, moment) })
  return ticks
}
