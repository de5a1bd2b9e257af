import { browserInWords } from '../browser.ts'
import type { SessionView } from '../models.people.ts'
import type { Moment } from '../models.ts'
import { leadingZone } from '../words.ts'
import { Clock, Relative } from './when.tsx'

type Props = { sessions: readonly SessionView[]; action: string; moment: Moment }

/** Browsers in which somebody is signed in. `action` ends the one posted as `session`, or the `others`. */
export const Sessions = ({ sessions, action, moment }: Props) => (
  <form method="post" action={action}>
    <table class="data">
      <thead>
        <tr>
          <th scope="col">Browser</th>
          <th scope="col">From</th>
          <th scope="col">Signed in, {leadingZone(moment)}</th>
          <th scope="col">Last seen</th>
          <th scope="col">
            <span class="vh">End it</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <Row session={session} moment={moment} />
        ))}
      </tbody>
    </table>
    {sessions.some(({ isMine }) => !isMine) && (
      <p class="more">
        <button class="btn" type="submit" name="session" value="others">
          {sessions.some(({ isMine }) => isMine) ? 'End all others' : 'End all'}
        </button>
      </p>
    )}
  </form>
)

const Row = ({
  session: { id, agent, address, createdAt, seenAt, isMine },
  moment,
}: {
  session: SessionView
  moment: Moment
}) => (
  <tr>
    <td title={agent}>
      {browserInWords(agent)} {isMine && <b>(this one)</b>}
    </td>
    <td class="source">{address}</td>
    <td>
      <Clock at={createdAt} moment={moment} />
    </td>
    <td>
      <Relative at={seenAt} moment={moment} />
    </td>
    <td>
      {!isMine && (
        <button class="btn" type="submit" name="session" value={id}>
          End
          <span class="vh">
            {' '}
            the session of {browserInWords(agent)} from {address}
          </span>
        </button>
      )}
    </td>
  </tr>
)
