import type { ChartView } from '../../../views/models.chart.ts'
import { describe, type Expectation } from '../../domain/expectation.ts'
import { limitsInWords } from '../../domain/verdict.ts'
import { CHART_SPANS, type Chart, type ChartSpan } from '../../services/chart.ts'
import { verdictView } from './view-models.ts'

export const isChartSpan = (text: string): text is ChartSpan => CHART_SPANS.some((span) => span === text)

/** "4 wanted in each window", "at most 0 wanted …". */
const wantedOf = ({ terms: { atLeast, atMost } }: Expectation): string => `${limitsInWords({ atLeast, atMost })} wanted a window`

/** `choices`: the expectations whose windows could be drawn. */
export const chartView = (chart: Chart, choices: readonly Expectation[]): ChartView => ({
  ...chart,
  spans: CHART_SPANS,
  expectation: chart.expectation === null ? null : { id: chart.expectation.id, wanted: wantedOf(chart.expectation) },
  choices: choices.map(({ id, terms, env }) => ({ id, sentence: `${env}: ${describe(terms)}` })),
  windows: chart.windows === null ? null : chart.windows.map(verdictView),
})
