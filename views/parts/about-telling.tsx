import { listed } from '../../src/domain/listed.ts'
import type { TellingFacts } from '../models.about.ts'
import type { Moment } from '../models.ts'
import { grouped } from '../words.ts'
import { Bad, Fact, Good } from './fact.tsx'
import { Relative, Since } from './when.tsx'

type Props = { telling: TellingFacts; moment: Moment }

/** How people are told, and who hears that this server works. */
export const AboutTelling = ({ telling: { outbox, channels, tries, ping }, moment }: Props) => (
  <section class="part-of" aria-labelledby="telling">
    <h2 id="telling">Telling people</h2>
    <dl class="facts">
      <Fact name="Channels">{channels === null ? <Unknown /> : <Channels {...channels} />}</Fact>
      <Fact name="Deliveries waiting">{outbox === null ? <Unknown /> : <Waiting outbox={outbox} moment={moment} />}</Fact>
      <Fact name="Tries of this node">
        {`${grouped(tries.sent)} sent, ${grouped(tries.withheld)} withheld, ${grouped(tries.again)} to be tried again, ${grouped(tries.failed)} failed for good`}
      </Fact>
      <Fact name="Pings">{ping === null ? 'none: AFFIRMATIVE_PING_URL is not set' : <Pings {...ping} moment={moment} />}</Fact>
    </dl>
  </section>
)

const Unknown = () => <span class="soft">unknown</span>

const Channels = ({ count, failing }: NonNullable<TellingFacts['channels']>) => {
  if (count === 0) return <>none: nobody is told of anything</>
  if (failing.length === 0) return <Good>{grouped(count)}</Good>
  return (
    <>
      {grouped(count)} <Bad>{`nothing arrives at ${listed(failing)}`}</Bad>
    </>
  )
}

const Waiting = ({ outbox: { waiting, oldest }, moment }: { outbox: NonNullable<TellingFacts['outbox']>; moment: Moment }) =>
  oldest === null ? (
    <>none</>
  ) : (
    <>
      {grouped(waiting)}, the oldest for <Since at={oldest} moment={moment} />
    </>
  )

const Pings = ({ to, last, moment }: NonNullable<TellingFacts['ping']> & { moment: Moment }) => {
  if (last === null) return <>{to}, not yet</>
  if (!last.isThere) return <Bad>{`${to} could not be told`}</Bad>
  return (
    <>
      {to}, <Relative at={last.at} moment={moment} />
    </>
  )
}
