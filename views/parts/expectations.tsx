import { listed } from '../../src/domain/listed.ts'
import { PLAIN_RULES } from '../../src/domain/telling-rules.ts'
import { expectationPath, newExpectationPath } from '../addresses.ts'
import type { EventPage, ExpectationEntry, Moment } from '../models.ts'
import { isTrouble } from '../states.ts'
import { StateMark } from './glyph.tsx'
import { Tags } from './name.tsx'
import { Strip } from './strip.tsx'
import { UnderMark } from './under.tsx'
import { Relative } from './when.tsx'
import { Why } from './why.tsx'

type Props = Pick<EventPage, 'event' | 'expectations' | 'frame'> & { live: Record<string, string> }

/** What is expected of the event, and how each expectation stands. A live piece. */
export const Expectations = ({ event, expectations, frame: { may, moment }, live }: Props) => (
  <section {...live} aria-labelledby="expectations-h">
    <div class="head">
      <h2 id="expectations-h">Expectations</h2>
      {may.includes('write') && (
        <a class="btn" href={newExpectationPath(event.name)}>
          Add an expectation
        </a>
      )}
    </div>
    {expectations.length === 0 ? (
      <p>Nothing is expected of it, so nobody would notice its silence.</p>
    ) : (
      <ul class="list">
        {expectations.map((expectation) => (
          <Entry expectation={expectation} moment={moment} mayWrite={may.includes('write')} />
        ))}
      </ul>
    )}
  </section>
)

type EntryProps = { expectation: ExpectationEntry; moment: Moment; mayWrite: boolean }

const Entry = ({ expectation, moment, mayWrite }: EntryProps) => (
  <li class={`stack ${expectation.state}`} id={`expectation-${expectation.id}`}>
    <p class="line">
      <StateMark state={expectation.state} /> <span>{expectation.sentence}</span>{' '}
      <UnderMark under={expectation.under} moment={moment} />
    </p>
    {isTrouble(expectation.state) && (
      <p class="why-c">
        <Why expectation={expectation} moment={moment} />
      </p>
    )}
    <div class="strip-c">
      <Strip expectation={expectation} href="#verdicts" moment={moment} />
    </div>
    <Facts expectation={expectation} moment={moment} />
    {mayWrite && <Acts expectation={expectation} />}
  </li>
)

const Facts = ({
  expectation: { schedule, timeZone, env, tags, state, nextDue, ignoreFailures, telling },
  moment,
}: Omit<EntryProps, 'mayWrite'>) => (
  <p class="soft small">
    <code>{schedule}</code> · {timeZone} · {env}
    {state !== 'paused' && (
      <>
        {' · '}
        {nextDue === null ? (
          'never due again'
        ) : (
          <>
            next due <Relative at={nextDue} moment={moment} />
          </>
        )}
      </>
    )}
    {ignoreFailures && ' · reported failures pass'}
    {rulesInWords(telling).map((rule) => ` · ${rule}`)} <Tags tags={tags} />
  </p>
)

/** What is not as it is for most: "warning", "an incident after 3 misses in a row", "tells ops and db". */
function rulesInWords({ severity, alertAfter, recoverAfter, channels }: ExpectationEntry['telling']): string[] {
  return [
    ...(severity === PLAIN_RULES.severity ? [] : [severity]),
    ...(alertAfter === PLAIN_RULES.alertAfter ? [] : [`an incident after ${alertAfter} misses in a row`]),
    ...(recoverAfter === PLAIN_RULES.recoverAfter ? [] : [`closed after ${recoverAfter} met in a row`]),
    ...(channels.length === 0 ? [] : [`tells ${listed(channels)}`]),
  ]
}

const Acts = ({ expectation: { id, sentence, state } }: { expectation: ExpectationEntry }) => {
  const which = <span class="vh"> the expectation {sentence}</span>
  const act = state === 'paused' ? 'resume' : 'pause'
  return (
    <form class="line" method="post" action={`${expectationPath(id)}/${act}`}>
      <a class="btn" href={`${expectationPath(id)}/edit`}>
        Edit{which}
      </a>
      <button class="btn" type="submit">
        {act === 'pause' ? 'Pause' : 'Resume'}
        {which}
      </button>
      <a class="btn" href={`${expectationPath(id)}/delete`}>
        Delete{which}
      </a>
    </form>
  )
}
