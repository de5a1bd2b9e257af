import { eventPath, signOffPath, withQuery } from '../addresses.ts'
import type { UndoView } from '../models.sign-off.ts'
import type { Moment } from '../models.ts'
import { signer, spanInWords } from '../words.ts'
import { Seal } from './glyph.tsx'
import { Breakable } from './name.tsx'
import { Relative } from './when.tsx'

type Props = { one: UndoView; moment: Moment; back: 'sign-off' | 'event'; filter?: string }

/** "You signed off X 2 min ago. Undo, 8 min left". `back`: to which page; `filter`: of which environment that shows. */
export const Undo = ({ one: { event, env, at, id, by, isMine, until }, moment, back, filter = '' }: Props) => (
  <form class="done met" method="post" action={withQuery(`${signOffPath(event, '')}/undo`, { env: filter })}>
    <span class="state met">
      <Seal of="met" />
    </span>
    <div role="status">
      {isMine ? 'You' : signer(by)} signed off{' '}
      <a class="name" href={eventPath(event)}>
        <Breakable text={event} />
      </a>{' '}
      <Relative at={at} moment={moment} />.
    </div>
    <input type="hidden" name="env" value={env} />
    <input type="hidden" name="at" value={`${at}`} />
    <input type="hidden" name="id" value={`${id}`} />
    <input type="hidden" name="back" value={back} />
    <button class="btn" type="submit">
      Undo, {spanInWords(Math.max(0, until - moment.now))} left<span class="vh">: {event}</span>
    </button>
  </form>
)
