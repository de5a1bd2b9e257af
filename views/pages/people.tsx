import type { Account } from '../../src/domain/people.ts'
import { personPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { PeoplePage as Page } from '../models.people.ts'
import type { Moment } from '../models.ts'
import { ChoiceField } from '../parts/field.tsx'
import { NewLink } from '../parts/new-link.tsx'
import { ROLE_CHOICES } from '../parts/role.tsx'
import { Clock } from '../parts/when.tsx'
import { leadingZone } from '../words.ts'

/** `GET /settings/people`: who may do what here, and inviting more. */
export const PeoplePage = ({ page: { frame, people, invite, link } }: { page: Page }) => (
  <Layout frame={frame} title="People" here="settings">
    <div class="title">
      <p class="small soft">
        <a href="/settings">Settings</a> / people
      </p>
      <h1>People</h1>
    </div>
    <div class="cols">
      <div>
        {link !== null && <NewLink link={link} what="Give it to the person you invite." />}
        <table class="data">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Signs in</th>
              <th scope="col">Here since, {leadingZone(frame.moment)}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row person={person} moment={frame.moment} />
            ))}
          </tbody>
        </table>
      </div>
      <section class="part-of" aria-labelledby="invite-h">
        <h2 id="invite-h">Invite somebody</h2>
        <form class="stack" method="post" action="/settings/people" novalidate>
          <ChoiceField form={invite} name="role" label="Role" choices={ROLE_CHOICES} />
          <p>
            <button class="btn go" type="submit">
              Make a link
            </button>
          </p>
        </form>
      </section>
    </div>
  </Layout>
)

const Row = ({ person: { id, name, role, hasPassword, createdAt, endedAt }, moment }: { person: Account; moment: Moment }) => (
  <tr>
    <td class="source">
      <a href={personPath(id)}>{name}</a>
    </td>
    <td>{endedAt === null ? role : <span class="soft">ended</span>}</td>
    <td>{hasPassword ? 'by password' : 'elsewhere'}</td>
    <td>
      <Clock at={createdAt} moment={moment} />
    </td>
  </tr>
)
