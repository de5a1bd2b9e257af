import type { Window } from '../src/domain/time.ts'
import { observedOfWanted } from './judged.ts'
import type { ChartView } from './models.chart.ts'
import type { Moment } from './models.ts'
import { clock, counted, dayAndClock, grouped, shortly } from './words.ts'

const NAMED = 3

/** `a`, `a and b`, `a, b and 4 more`. */
function listed(all: readonly string[]): string {
  const named = all.slice(0, all.length > NAMED ? NAMED - 1 : NAMED)
  const rest = all.length - named.length
  const parts = rest > 0 ? [...named, `${grouped(rest)} more`] : named
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

function missedInWords({ windows, tallies }: ChartView, moment: Moment): string {
  const missed = sum(tallies.map((tally) => tally.missed))
  if (missed === 0) return ''
  const which = windows
    ?.filter(({ verdict }) => verdict === 'missed')
    .map((one) => `${shortly(one.due, moment)}, ${one.reported ? 'reported failure' : observedOfWanted(one)}`)
  return `${grouped(missed)} missed${which === undefined || which.length === 0 ? '' : ` (${listed(which)})`}`
}

function verdictsInWords(chart: ChartView, moment: Moment): string {
  const { expectation, tallies } = chart
  if (expectation === null) return 'Nothing is expected of it, so nothing was judged.'
  const [met, unknown] = [sum(tallies.map((tally) => tally.met)), sum(tallies.map((tally) => tally.unknown))]
  const parts = [
    met > 0 ? `${grouped(met)} met` : '',
    missedInWords(chart, moment),
    unknown > 0 ? `${grouped(unknown)} unknown` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'Nothing was judged in this time.' : `Of its verdicts ${listed(parts)}.`
}

function deafInWords(deaf: readonly Window[], moment: Moment): string {
  if (deaf.length === 0) return ''
  return ` Nobody was listening ${listed(deaf.map(({ from, to }) => `from ${shortly(from, moment)} to ${clock(to, moment)}`))}.`
}

/** The picture in words: how much came in, what was judged, when nobody listened. */
export function saysOf(chart: ChartView, moment: Moment): string {
  const { window, bars, deaf, open, env } = chart
  const [ok, fail] = [sum(bars.map((bar) => bar.ok)), sum(bars.map((bar) => bar.fail))]
  const failures = fail === 0 ? '' : ` and ${counted(fail, 'reported failure')}`
  const came = `${dayAndClock(window.from, moment)} to now, ${env}: ${counted(ok, 'affirmation')}${failures}.`
  const last = open === null ? '' : ' The last window is still open.'
  return `${came} ${verdictsInWords(chart, moment)}${deafInWords(deaf, moment)}${last}`
}
