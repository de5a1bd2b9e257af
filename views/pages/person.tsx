import { personPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { PersonPage as Page } from '../models.people.ts'
import { ChoiceField } from '../parts/field.tsx'
import { FormId } from '../parts/form-id.tsx'
import { NewLink } from '../parts/new-link.tsx'
import { BY_PROXY, LetInByProxy } from '../parts/proxied.tsx'
import { ROLE_CHOICES } from '../parts/role.tsx'
import { Sessions } from '../parts/sessions.tsx'
import { Clock } from '../parts/when.tsx'

/** `GET /settings/people/:id`: one of them, for admins. */
export const PersonPage = ({ page }: { page: Page }) => {
  const { frame, person, link, letsIn } = page
  return (
    <Layout frame={frame} title={person.name} here="settings">
      <div class="title">
        <p class="small soft">
          <a href="/settings">Settings</a> / <a href="/settings/people">people</a> / {person.name}
        </p>
        <h1 class="source">{person.name}</h1>
        <p class="soft">
          {person.role}
          {person.isAdminByProxy && BY_PROXY}, here since <Clock at={person.createdAt} moment={frame.moment} /> UTC
          {person.endedAt !== null && (
            <>
              , ended <Clock at={person.endedAt} moment={frame.moment} />
            </>
          )}
        </p>
      </div>
      {person.endedAt === null ? (
        <div class="cols">
          <div>
            {link !== null && <NewLink link={link} what={`Give it to ${person.name}.`} />}
            {letsIn === null ? <SignedIn page={page} /> : <LetInByProxy firstRole={letsIn} />}
          </div>
          <div>
            {!person.isAdminByProxy && <RoleForm page={page} />}
            {letsIn === null && person.hasPassword && <LinkForm page={page} />}
            <End page={page} />
          </div>
        </div>
      ) : (
        <p>May not sign in any more. The name stays taken: sign-offs and the audit log speak of it.</p>
      )}
    </Layout>
  )
}

const SignedIn = ({ page: { frame, person, sessions } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="sessions-h">
    <h2 id="sessions-h">Signed in</h2>
    {sessions.length === 0 ? (
      <p class="soft">Nowhere.</p>
    ) : (
      <Sessions sessions={sessions} action={`${personPath(person.id)}/sessions/end`} moment={frame.moment} />
    )}
  </section>
)

const RoleForm = ({ page: { person, role } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="role-h">
    <h2 id="role-h">Role</h2>
    <form class="stack" method="post" action={`${personPath(person.id)}/role`} novalidate>
      <ChoiceField form={role} name="role" label="May" choices={ROLE_CHOICES} />
      <p>
        <button class="btn" type="submit">
          Save
        </button>
      </p>
    </form>
  </section>
)

const LinkForm = ({ page: { person, renew } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="password-h">
    <h2 id="password-h">New password</h2>
    <form class="stack" method="post" action={`${personPath(person.id)}/password-link`}>
      <FormId form={renew} />
      <p class="small soft source">Makes a link by which {person.name} chooses one. The old one works until it is used.</p>
      <p>
        <button class="btn" type="submit">
          Make a link
        </button>
      </p>
    </form>
  </section>
)

const End = ({ page: { person } }: { page: Page }) => (
  <details>
    <summary class="small">End the access</summary>
    <form class="stack" method="post" action={`${personPath(person.id)}/end`}>
      <p class="small soft">Signed out everywhere at once, for good. What they did stays listed under their name.</p>
      <p>
        <button class="btn bad" type="submit">
          End the access
        </button>
      </p>
    </form>
  </details>
)
