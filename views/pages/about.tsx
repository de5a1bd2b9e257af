import type { Child } from 'hono/jsx'
import { Layout } from '../layout.tsx'
import type { AboutPage as Page } from '../models.ts'
import { Glyph } from '../parts/glyph.tsx'
import { Relative } from '../parts/when.tsx'
import { counted, spanInWords } from '../words.ts'

/** `GET /about`: what this server is and how it is. */
export const AboutPage = ({ page }: { page: Page }) => {
  const { frame, node, nodes, database, store, troubles, startedAt, retention } = page
  const { moment } = frame
  return (
    <Layout frame={frame} title="About">
      <div class="title">
        <h1>About</h1>
      </div>
      <section aria-labelledby="this-node">
        <h2 id="this-node">This node</h2>
        <dl class="facts">
          <Fact name="Version">affirmative {frame.version}</Fact>
          <Fact name="Name">
            <code>{node}</code>
          </Fact>
          <Fact name="Running since">
            <Relative at={startedAt} moment={moment} />
          </Fact>
          <Fact name="Judged">{frame.judgedAt === null ? 'nothing yet' : <Relative at={frame.judgedAt} moment={moment} />}</Fact>
          <Fact name="State">{troubles.length === 0 ? <Good>ready</Good> : troubles.map((trouble) => <Bad>{trouble}</Bad>)}</Fact>
          <Fact name="Clock">
            <ClockFact page={page} />
          </Fact>
        </dl>
      </section>
      <section aria-labelledby="all-nodes">
        <h2 id="all-nodes">{nodes === null ? 'Nodes' : counted(nodes.length, 'node')} listening</h2>
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
      <section aria-labelledby="kept">
        <h2 id="kept">What is kept</h2>
        <dl class="facts">
          <Fact name="Database">{database ?? store}</Fact>
          <Fact name="Affirmations">for {spanInWords(retention.affirmations)}</Fact>
          <Fact name="Verdicts, incidents">for {spanInWords(retention.verdicts)}</Fact>
          <Fact name="Time zone">{moment.timeZone}</Fact>
        </dl>
      </section>
    </Layout>
  )
}

const Fact = ({ name, children }: { name: string; children?: Child }) => (
  <>
    <dt class="soft">{name}</dt>
    <dd>{children}</dd>
  </>
)

const Good = ({ children }: { children?: Child }) => (
  <span class="state met">
    <Glyph of="met" /> {children}
  </span>
)

const Bad = ({ children }: { children?: Child }) => (
  <span class="state wrap late">
    <Glyph of="warn" /> <span>{children}</span>
  </span>
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
