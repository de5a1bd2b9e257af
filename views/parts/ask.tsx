import { askId } from '../addresses.ts'
import type { AskView, SignedView } from '../models.sign-off.ts'
import type { Moment } from '../models.ts'
import { counted, shortly, signer, spanInWords } from '../words.ts'
import { Confirm, SignForm } from './ask-form.tsx'
import { EventLink } from './name.tsx'
import { Relative } from './when.tsx'

export type AskProps = { ask: AskView; moment: Moment; defaultEnv: string; who: string | null; filter: string }

/** One event that waits for a person: when it is due, what it means, the button, and who did it last. */
export const Ask = ({ ask, moment, defaultEnv, who, filter }: AskProps) => {
  const id = askId(ask.event, ask.env)
  return (
    <article class="ask" id={id} aria-labelledby={`${id}-h`}>
      <p class={`label ${ask.state}`}>
        <Urgency ask={ask} moment={moment} /> {ask.env !== defaultEnv && <span class="tag env">{ask.env}</span>}
      </p>
      <h2 id={`${id}-h`}>
        <EventLink event={ask.event} />
      </h2>
      {ask.description !== '' && <p class="soft said">{ask.description}</p>}
      {ask.confirm !== null ? (
        <Confirm ask={ask} confirm={ask.confirm} filter={filter} />
      ) : ask.isForOthers && ask.standing === 'waiting' ? (
        <p>You have signed it. Now it is somebody else’s turn.</p>
      ) : (
        isOpen(ask) && <SignForm ask={ask} who={who} filter={filter} />
      )}
      <Facts ask={ask} moment={moment} />
    </article>
  )
}

/** What was typed wrong is shown, though it is done or not open yet. */
const isOpen = ({ standing, form }: AskView): boolean =>
  standing === 'waiting' || standing === 'unasked' || Object.keys(form.errors).length > 0

const Urgency = ({ ask: { standing, state, due, graceTo, opensAt }, moment }: Pick<AskProps, 'ask' | 'moment'>) => {
  if (due === null) return <>Nobody asks for it</>
  if (standing === 'done') return <>Done; due at {shortly(due, moment)}</>
  if (standing === 'later')
    return (
      <>
        Not before {shortly(opensAt, moment)}; due at {shortly(due, moment)}
      </>
    )
  if (graceTo !== null)
    return (
      <span class="state wrap">
        {state === 'missed' && 'Missed the last time. '}Late: was due at {shortly(due, moment)}, counts until{' '}
        {shortly(graceTo, moment)}
      </span>
    )
  const when =
    due > moment.now ? `Due in ${spanInWords(due - moment.now)}, ${shortly(due, moment)}` : `Due since ${shortly(due, moment)}`
  return state === 'missed' ? <span class="state wrap">Missed the last time. {when}</span> : when
}

const Facts = ({ ask: { signed, last, sentences, missing, ofDifferent }, moment }: Pick<AskProps, 'ask' | 'moment'>) => (
  <dl class="facts">
    {signed.length > 0 && (
      <>
        <dt>So far</dt>
        <dd>
          {signed.map((one) => (
            <p>
              <Signed one={one} moment={moment} />
            </p>
          ))}
          {missing > 0 && <p>{stillWanted(missing, ofDifferent)}</p>}
        </dd>
      </>
    )}
    {(last !== null || signed.length === 0) && (
      <>
        <dt>Last</dt>
        <dd>{last === null ? 'never' : <Signed one={last} moment={moment} />}</dd>
      </>
    )}
    {sentences.length > 0 && (
      <>
        <dt>Wanted</dt>
        <dd>
          {sentences.map((sentence) => (
            <p>{sentence}</p>
          ))}
        </dd>
      </>
    )}
  </dl>
)

const stillWanted = (missing: number, ofDifferent: boolean): string =>
  ofDifferent
    ? `${missing === 1 ? 'One more person is' : `${missing} more people are`} needed.`
    : `${counted(missing, 'more is', 'more are')} needed.`

const LONGEST_LINE = 160

/** "ann, 2 days ago: “drift 1.1 %”"; a long note is folded. */
const Signed = ({ one: { by, at, note }, moment }: { one: SignedView; moment: Moment }) => (
  <>
    {signer(by)}, <Relative at={at} moment={moment} />
    {note !== null && note.length <= LONGEST_LINE && <>: “{note}”</>}
    {note !== null && note.length > LONGEST_LINE && (
      <details>
        <summary>“{note.slice(0, LONGEST_LINE)}…”</summary>
        <span class="said">{note}</span>
      </details>
    )}
  </>
)
