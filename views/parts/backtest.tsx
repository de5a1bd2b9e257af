import { DAY, type Millis } from '../../src/domain/time.ts'
import type { BacktestRow, BacktestView } from '../models.backtest.ts'
import type { Moment } from '../models.ts'
import { counted, day as dayInWords, grouped, zoned } from '../words.ts'
import { Glyph } from './glyph.tsx'

const MARKS = 30
/** So many of the instants are said at once. */
const SAID = 5

type Props = { backtest: BacktestView; moment: Moment }
type Outcome = 'met' | 'missed' | 'unknown'

/** The worst first: a mark shows the worst of its day. */
const WORST = ['missed', 'unknown', 'met'] as const

/** Counts follow the typing in a piece of their own: the sentence does not wait for them. */
const ASKS = {
  'hx-post': '/expectations/backtest',
  'hx-include': '#expectation-form',
  'hx-target': '#backtest',
  'hx-swap': 'outerHTML',
  'hx-sync': 'this:replace',
  'hx-status:4xx': 'swap:none',
  'hx-status:5xx': 'swap:none',
}
const WHILE_TYPING = ['input', 'change'].map((event) => `${event} from:#expectation-form delay:600ms`).join(', ')

/** What the terms would have said of what was seen, and how to hear of it while one types. */
export const Backtest = (props: Props) => (
  <div {...ASKS} hx-trigger={props.backtest.kind === 'later' ? `load, ${WHILE_TYPING}` : WHILE_TYPING}>
    <BacktestPiece {...props} />
  </div>
)

/** The answer to `POST /expectations/backtest`. */
export const BacktestPiece = ({ backtest, moment }: Props) => (
  <section id="backtest" class="part-of" aria-labelledby="backtest-h">
    <h2 id="backtest-h">On the last 30 days</h2>
    {backtest.kind === 'none' && <p class="soft">Counted as soon as the fields can be read.</p>}
    {backtest.kind === 'later' && <p class="soft">“Preview” counts what these terms would have said.</p>}
    {backtest.kind === 'busy' && <p class="soft">Too many are counting at once. Press “Preview” in a moment.</p>}
    {backtest.kind === 'counted' &&
      backtest.rows.map((row) => <Row row={row} moment={moment} isAlone={backtest.rows.length === 1} />)}
    {backtest.kind === 'counted' && <p class="small soft">A mark a day (UTC), its worst verdict.</p>}
  </section>
)

const Row = ({ row, moment, isAlone }: { row: BacktestRow; moment: Moment; isAlone: boolean }) => (
  <div class="bt">
    {!isAlone && (
      <p class="small soft">
        {row.title}: {row.sentence}
      </p>
    )}
    <p class="line small">
      <code>{row.schedule}</code>
      <Count of="met" n={row.met} />
      <Count of="missed" n={row.missed} />
      {row.unknown > 0 && <Count of="unknown" n={row.unknown} />}
    </p>
    <div class="strip" role="img" aria-label={`${row.title}, a mark a day: ${inWords(row)}`}>
      {marksOf(row, moment).map(({ look, title }) => (
        <i class={look} title={title} />
      ))}
    </div>
    {row.note !== null && <p class="small soft">{row.note}</p>}
    {row.days < MARKS - 1 && row.note === null && <p class="small soft">{knownFor(row.days)}</p>}
    <Missed row={row} />
  </div>
)

/** None of a kind has no colour: red is for what was missed. */
const Count = ({ of, n }: { of: Outcome; n: number }) => (
  <span class={n === 0 ? 'state' : `state ${of}`}>
    <Glyph of={of} /> {grouped(n)} {of}
  </span>
)

const knownFor = (days: number): string =>
  days < 0.1 ? 'Nothing was seen of this event yet.' : `Known for ${days === 1 ? '1 day' : `${days} days`}, and counted on these.`

/** Days with that as their worst verdict. */
const inWords = ({ daily }: BacktestRow): string =>
  daily.length === 0
    ? 'nothing was due'
    : WORST.toReversed()
        .map((outcome) => ({ outcome, n: daily.filter((one) => worstOf(one) === outcome).length }))
        .filter(({ n }) => n > 0)
        .map(({ outcome, n }) => `${n} ${outcome}`)
        .join(', ')

const worstOf = (counts: Record<Outcome, number>): Outcome | 'none' => WORST.find((outcome) => counts[outcome] > 0) ?? 'none'

/** Exactly 30 marks, today's last. */
function marksOf({ daily }: BacktestRow, { now }: Moment): { look: string; title: string }[] {
  const today = now - (now % DAY)
  return Array.from({ length: MARKS }, (_, i) => today - (MARKS - 1 - i) * DAY).map((day) => {
    const counts = daily.find((one) => one.day === day)
    if (counts === undefined) return { look: 'none', title: `${dayInWords(day, now)} · nothing was due` }
    const said = WORST.filter((outcome) => counts[outcome] > 0).map((outcome) => `${grouped(counts[outcome])} ${outcome}`)
    return { look: worstOf(counts), title: `${dayInWords(day, now)} · ${said.join(', ')}` }
  })
}

/** The instants, the newest first; many are folded away, and of very many only the newest are named. */
const Missed = ({ row: { wouldHaveMissed, missed, timeZone } }: { row: BacktestRow }) => {
  if (missed === 0) return null
  const said = (instants: readonly Millis[]) => instants.map((at) => zoned(at, timeZone)).join('; ')
  const rest = wouldHaveMissed.slice(SAID)
  const unnamed = missed - wouldHaveMissed.length
  return (
    <div class="small soft">
      <p>
        Would have been missed at {said(wouldHaveMissed.slice(0, SAID))}
        {timeZone === 'UTC' ? '' : ` (${timeZone})`}.
      </p>
      {rest.length > 0 && (
        <details>
          <summary>+ {grouped(missed - SAID)} more</summary>
          <p>
            {said(rest)}
            {unnamed > 0 && `; and ${counted(unnamed, 'earlier one')}`}.
          </p>
        </details>
      )}
    </div>
  )
}
