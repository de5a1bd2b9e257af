import type { Child } from 'hono/jsx'
import type { State } from '../../src/domain/expectation.ts'
import { keysPath } from '../addresses.ts'
import type { BoardPage, Frame } from '../models.ts'
import { curlKey } from '../snippets.ts'
import { Snippet } from './copy.tsx'
import { StateMark } from './glyph.tsx'

const EVENT = 'hello_from_me'

type Props = Pick<BoardPage, 'baseUrl' | 'frame'>

const affirm = ({ baseUrl, frame: { asksForKeys } }: Props): string =>
  `curl -fsS -m 10 --retry 5${curlKey(asksForKeys)} ${baseUrl}/affirm/${EVENT}`

const expect = ({
  baseUrl,
  frame: { asksForKeys },
}: Props): string => `curl -fsS${curlKey(asksForKeys)} ${baseUrl}/api/v1/expectations \\
  -H 'content-type: application/json' \\
  -d '{"event": "${EVENT}", "schedule": "* * * * *",
       "atLeast": 1, "lookback": "1m"}'`

const keepUp = ({ baseUrl, frame: { asksForKeys } }: Props): string => `while sleep 20; do
  curl -fsS -m 10${curlKey(asksForKeys)} ${baseUrl}/affirm/${EVENT}
done`

/** Nothing is expected yet: three commands that end in a real alarm, and how to read what will stand here. */
export const BoardEmpty = (props: Props) => (
  <div class="cols">
    <ol class="steps">
      <Step title="Say that something happened" command={affirm(props)} what="the first command">
        The first affirmation registers the event, gives it a key, and shows it here as “no expectation yet”.
        {props.frame.asksForKeys && <KeyFirst may={props.frame.may} />}
      </Step>
      <Step title="Say how often it must" command={expect(props)} what="the second command">
        At least 1 in the minute before, every minute. Or <a href="/events">write it in the form</a>, which shows what it means
        while you type.
      </Step>
      <Step title="Keep it up, then stop" command={keepUp(props)} what="the third command">
        While this runs, the board says <strong>met</strong>. Press Ctrl-C: within two minutes it says <strong>missed</strong>.
        That silence is the alarm.
      </Step>
    </ol>
    <HowToRead />
  </div>
)

const KeyFirst = ({ may }: Pick<Frame, 'may'>) => (
  <>
    {' '}
    {may.includes('admin') ? <a href={keysPath}>Make an API key</a> : 'Ask an admin for an API key'} first, and{' '}
    <code>export AFFIRMATIVE_API_KEY=ak_…</code>
  </>
)

const Step = ({ title, command, what, children }: { title: string; command: string; what: string; children: Child }) => (
  <li>
    <h2>{title}</h2>
    <p>{children}</p>
    <Snippet text={command} what={what} />
  </li>
)

const MEANING: readonly (readonly [State, string])[] = [
  ['met', 'Enough was affirmed in the window. It lies flat.'],
  ['missed', 'Too few, or too many. It stands up and opens an incident.'],
  ['late', 'Due has passed, grace is still running. No verdict yet.'],
  ['unknown', 'We were not listening all the time, so silence proves nothing. It opens no incident.'],
  ['waiting', 'The first due instant is still to come.'],
]

const EXAMPLE = [...'----mmmmmmmmmmmmmmxmmmummmmmml']
const LOOKS: Record<string, string> = { '-': 'none', m: 'met', x: 'missed', u: 'unknown', l: 'late' }

const HowToRead = () => (
  <div>
    <section class="part-of">
      <h2>How to read the board</h2>
      <div class="facts">
        {MEANING.map(([state, text]) => (
          <>
            <StateMark state={state} />
            <p>{text}</p>
          </>
        ))}
      </div>
    </section>
    <figure>
      <div class="strip" role="img" aria-label="An example of the last 30 verdicts: 23 met, 1 missed, 1 unknown, 1 late">
        {EXAMPLE.map((letter) => (
          <i class={LOOKS[letter]} />
        ))}
      </div>
      <figcaption>
        The last 30 verdicts, newest at the right. Point at a mark, or focus the strip, for its window and its count. A low dash
        is “no verdict yet”.
      </figcaption>
    </figure>
  </div>
)
