import type { Millis } from '../../src/domain/time.ts'
import { Layout } from '../layout.tsx'
import type { Moment, AboutPage as Page } from '../models.ts'
import { AboutTelling } from '../parts/about-telling.tsx'
import { Bad, Fact, Good } from '../parts/fact.tsx'
import { Relative } from '../parts/when.tsx'
import { counted, spanInWords } from '../words.ts'

const NAMES: Record<Page['store'], string> = { sqlite: 'SQLite', postgresql: 'PostgreSQL' }

/** `GET /about`: what this server is and how it is. */
export const AboutPage = ({ page }: { page: Page }) => {
  const { frame, node, nodes, database, store, troubles, startedAt, retention, clearedAt, counts } = page
  const { moment } = frame
  return (
    <Layout frame={frame} title="About" here="settings">
      <div class="title">
        <h1>About</h1>
      </div>
      <div class="page">
        <section class="part-of" aria-labelledby="this-node">
          <h2 id="this-node">This node</h2>
          <dl class="facts">
            <Fact name="Version">affirmative {frame.version}</Fact>
            <Fact name="Name">
              <code>{node}</code>
            </Fact>
            <Fact name="Started">
              <Relative at={startedAt} moment={moment} />
            </Fact>
            <Fact name="Judged up to">
              <Since at={frame.judgedAt} moment={moment} none="nothing yet" />
            </Fact>
            <Fact name="State">
              {troubles.length === 0 ? <Good>ready</Good> : troubles.map((trouble) => <Bad>{trouble}</Bad>)}
            </Fact>
            <Fact name="Clock">
              <ClockFact page={page} />
            </Fact>
          </dl>
        </section>
        <section class="part-of" aria-labelledby="all-nodes">
          <h2 id="all-nodes">{nodes === null ? 'Nodes' : counted(nodes.length, 'node')} listening</h2>
          <p class="small soft">In the last 15 seconds; one that has ended goes from here after them.</p>
          {nodes === null ? (
            <p class="nothing">The database cannot be asked.</p>
          ) : (
            <ul>
              {nodes.map((name) => (
                <li>
                  <code>{name}</code> {name === node && <span class="soft">this one</span>}
                </li>
              ))}
            </ul>
          )}
        </section>
        <AboutTelling telling={page.telling} moment={moment} />
        <section class="part-of" aria-labelledby="kept">
          <h2 id="kept">What is kept</h2>
          <dl class="facts">
            <Fact name="Database">{database ?? NAMES[store]}</Fact>
            <Fact name="Holds">{counts === null ? <span class="soft">unknown</span> : inNumbers(counts)}</Fact>
            <Fact name="Affirmations">for {spanInWords(retention.affirmations)}</Fact>
            <Fact name="Verdicts, incidents">for {spanInWords(retention.verdicts)}</Fact>
            <Fact name="Cleared">
              <Since at={clearedAt} moment={moment} none="not yet" />
            </Fact>
            <Fact name="Time zone">{moment.timeZone}</Fact>
          </dl>
        </section>
      </div>
    </Layout>
  )
}

const inNumbers = ({ events, expectations, environments, openIncidents }: NonNullable<Page['counts']>): string =>
  [
    counted(events, 'event'),
    counted(expectations, 'expectation'),
    counted(environments, 'environment'),
    counted(openIncidents, 'open incident'),
  ].join(', ')

const Since = ({ at, moment, none }: { at: Millis | null; moment: Moment; none: string }) => (
  <>{at === null ? none : <Relative at={at} moment={moment} />}</>
)

const ClockFact = ({ page: { clockOffset, isClockOff, store } }: { page: Page }) => {
  if (store === 'sqlite') return <>this machine’s</>
  const off = `${(Math.abs(clockOffset) / 1_000).toFixed(1)} s ${clockOffset < 0 ? 'behind' : 'ahead of'} the database’s`
  return isClockOff ? (
    <Bad>{`${off}, by which everything is judged. See to the time service of this machine.`}</Bad>
  ) : (
    <Good>{off}</Good>
  )
}
