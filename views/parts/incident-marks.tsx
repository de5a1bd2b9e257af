import type { Child } from 'hono/jsx'
import { calledAs } from '../../src/domain/incident.ts'
import { firstOutcome, type Happening, type Tally } from '../../src/domain/timeline.ts'
import { isInDigest } from '../../src/domain/timeline-told.ts'
import { limitsInWords, reasonInWords, type Verdict } from '../../src/domain/verdict.ts'
import type { IncidentPage } from '../models.incidents.ts'
import type { Moment } from '../models.ts'
import { counted, grouped, shortly, windowInWords } from '../words.ts'
import { InDigest } from './incident-digest.tsx'
import { toldInWords, whyTold } from './incident-told.ts'
import { Clock } from './when.tsx'

type Props = { happening: Happening; page: IncidentPage }

const MARKS = ['met', 'missed', 'unknown', 'late'] as const
type Mark = (typeof MARKS)[number]
export const isMark = (look: string): look is Mark => MARKS.some((mark) => mark === look)

/** The class of a mark; what is no state has none of their shapes. */
export function lookOf(happening: Happening): string {
  switch (happening.kind) {
    case 'opened':
      return 'missed'
    case 'judged':
      return firstOutcome(happening.verdict)
    case 'judged-often':
      return happening.tally.missed + happening.tally.failed > 0 ? 'missed' : 'unknown'
    case 'acknowledged':
    case 'closed':
      return 'met'
    default:
      return ''
  }
}

/** One mark in words. */
export const Telling = ({ happening, page }: Props) => {
  const { moment } = page.frame
  switch (happening.kind) {
    case 'opened':
      return <Opened verdict={happening.verdict} page={page} />
    case 'earlier':
      return (
        <Told title="Much happened here">Too many verdicts to tell: those that follow are the last ones. The API lists all.</Told>
      )
    case 'judged':
      return <Told title={titleOf(happening.verdict)}>{numbersOf(happening.verdict, moment)}</Told>
    case 'judged-often':
      return <Told title={sumInWords(happening.tally)}>{duesInWords(happening, moment)}</Told>
    case 'amended':
      return <Amended verdict={happening.verdict} moment={moment} />
    case 'amended-often':
      return <Told title={`${counted(happening.times, 'verdict')} amended`}>{duesInWords(happening, moment)}</Told>
    case 'acknowledged':
      return <Told title={takenInWords(happening)}>{happening.note !== null && <Quoted note={happening.note} />}</Told>
    case 'noted':
      return (
        <Told title={`Note by ${calledAs(happening.by)}`}>
          <Quoted note={happening.note} />
        </Told>
      )
    case 'assigned':
      return <Told title={assignedInWords(happening)} />
    case 'snoozed':
      return <Told title={snoozedInWords(happening, moment)} />
    case 'told':
      return (
        <Told title={toldInWords(happening)}>
          {isInDigest(happening.deliveries[0]) ? <InDigest deliveries={happening.deliveries} /> : whyTold(happening, moment)}
        </Told>
      )
    case 'left-out':
      return <Told title={`${counted(happening.times, 'step')} left out`}>Each of them is kept; so many do not fit here.</Told>
    case 'closed':
      return <Closed verdict={happening.verdict} moment={moment} />
  }
}

const Told = ({ title, children }: { title: string; children?: Child }) => (
  <>
    <h3 class="source">{title}</h3>
    {children !== undefined && children !== '' && children !== false && <p>{children}</p>}
  </>
)

const Quoted = ({ note }: { note: string }) => <span class="said">“{note}”</span>

const Opened = ({ verdict, page: { around, frame, openedAt } }: { verdict: Verdict | null; page: IncidentPage }) => {
  if (verdict === null) return <Told title="Opened">Its verdict is not kept any more.</Told>
  const last = around?.before.findLast(({ status }) => status === 'ok')
  const isByNews = verdict.amended?.at === openedAt
  return (
    <Told title={verdict.reported ? 'Failed, and opened' : isByNews ? 'Amended to missed, and opened' : 'Missed, and opened'}>
      {verdict.verdict === 'missed' ? numbersOf(verdict, frame.moment) : `From ${windowOf(verdict, frame.moment)}.`}
      {last !== undefined && (
        <>
          {' '}
          Last seen at <Clock at={last.at} moment={frame.moment} /> by <span class="source">{last.source}</span>.
        </>
      )}
    </Told>
  )
}

const Closed = ({ verdict, moment }: { verdict: Verdict | null; moment: Moment }) => {
  if (verdict === null) return <Told title="Closed">The verdict that closed it is not kept any more.</Told>
  if (verdict.verdict !== 'met')
    return <Told title="Met, and closed">It was so from {windowOf(verdict, moment)}; amended since.</Told>
  if (verdict.amended !== null) return <Told title="Closed">By the amended verdict of {shortly(verdict.due, moment)}.</Told>
  return <Told title="Met, and closed">{numbersOf(verdict, moment)}</Told>
}

const Amended = ({ verdict, moment }: { verdict: Extract<Happening, { kind: 'amended' }>['verdict']; moment: Moment }) => (
  <Told title={`Amended from ${verdict.amended.from} to ${verdict.verdict}`}>
    Due {shortly(verdict.due, moment)}, {windowOf(verdict, moment)}: {verdict.amended.reason}. It is {reasonInWords(verdict)} now.
  </Told>
)

const windowOf = ({ window, due }: Verdict, moment: Moment): string => windowInWords(window, due, moment)

const titleOf = (verdict: Verdict): string =>
  verdict.reported ? 'Reported a failure' : { met: 'Met', missed: 'Missed', unknown: 'Unknown' }[firstOutcome(verdict)]

/** "0 of at least 1 from 06:40 to 07:00." */
function numbersOf(verdict: Verdict, moment: Moment): string {
  const { reported, observed, atLeast, atMost, reason, amended } = verdict
  if (reported) return `Reported at ${shortly(verdict.due, moment)}.`
  const when = `from ${windowOf(verdict, moment)}.`
  // The numbers are those of the amended verdict; what it was before is told where it was amended.
  if (amended !== null && amended.from !== verdict.verdict) return `It was so ${when}`
  if (reason !== 'enough' && reason !== 'too-few') return `${reasonInWords(verdict)}, ${when}`
  return `${grouped(observed)} of ${atMost === null ? `at least ${grouped(atLeast)}` : limitsInWords({ atLeast, atMost })} ${when}`
}

/** "Missed 14 more times"; of several kinds "14 more missed, 2 unknown". */
function sumInWords(tally: Tally): string {
  const words = {
    missed: 'missed',
    failed: tally.failed === 1 ? 'reported failure' : 'reported failures',
    unknown: 'unknown',
    met: 'met',
  }
  const [first = '', ...others] = (['missed', 'failed', 'unknown', 'met'] as const)
    .filter((kind) => tally[kind] > 0)
    .map((kind) => `${grouped(tally[kind])} more ${words[kind]}`)
  if (others.length === 0 && tally.missed > 0) return `Missed ${grouped(tally.missed)} more times`
  return [first, ...others.map((said) => said.replace('more ', ''))].join(', ')
}

const duesInWords = ({ first, last }: { first: number; last: number }, moment: Moment): string =>
  `Due from ${shortly(first, moment)} to ${shortly(last, moment)}.`

const assignedInWords = ({ by, to }: Extract<Happening, { kind: 'assigned' }>): string =>
  to === null ? `Assigned to nobody any more, by ${calledAs(by)}` : `Assigned to ${to} by ${calledAs(by)}`

const snoozedInWords = ({ by, until }: Extract<Happening, { kind: 'snoozed' }>, moment: Moment): string =>
  until === null ? `Snooze ended by ${calledAs(by)}` : `Snoozed until ${shortly(until, moment)} by ${calledAs(by)}`

function takenInWords({ by, over }: Extract<Happening, { kind: 'acknowledged' }>): string {
  return over === null ? `Acknowledged by ${calledAs(by)}` : `Taken over by ${calledAs(by)} from ${calledAs(over)}`
}
