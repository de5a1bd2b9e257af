import { personPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { PeoplePage as Page, PersonView } from '../models.people.ts'
import type { Moment } from '../models.ts'
import { ChoiceField } from '../parts/field.tsx'
import { FormId } from '../parts/form-id.tsx'
import { NewLink } from '../parts/new-link.tsx'
import { OpenLinks } from '../parts/open-links.tsx'
import { BY_PROXY, LetInByProxy } from '../parts/proxied.tsx'
import { ROLE_CHOICES } from '../parts/role.tsx'
import { Clock } from '../parts/when.tsx'
import { leadingZone } from '../words.ts'

/** `GET /settings/people`: who may do what here, and inviting more. */
export const PeoplePage = ({ page: { frame, people, letsIn, open, invite, link } }: { page: Page }) => (
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
        {open.length > 0 && <OpenLinks links={open} moment={frame.moment} />}
      </div>
      {letsIn === null ? <Invite form={invite} /> : <LetInByProxy firstRole={letsIn} />}
    </div>
  </Layout>
)

const Invite = ({ form }: { form: Page['invite'] }) => (
  <section class="part-of" aria-labelledby="invite-h">
    <h2 id="invite-h">Invite somebody</h2>
    <form class="stack" method="post" action="/settings/people" novalidate>
      <FormId form={form} />
      <ChoiceField form={form} name="role" label="Role" choices={ROLE_CHOICES} />
      <p>
        <button class="btn go" type="submit">
          Make a link
        </button>
      </p>
    </form>
  </section>
)

const Row = ({
  person: { id, name, role, hasPassword, createdAt, endedAt, isAdminByProxy },
  moment,
}: {
  person: PersonView
  moment: Moment
}) => (
  <tr>
    <td class="source">
      <a href={personPath(id)}>{name}</a>
    </td>
    <td>{endedAt === null ? `${role}${isAdminByProxy ? BY_PROXY : ''}` : <span class="soft">ended</span>}</td>
    <td>{hasPassword ? 'by password' : 'elsewhere'}</td>
    <td>
      <Clock at={createdAt} moment={moment} />
    </td>
  </tr>
)
