import { ROLE_WORDS } from '../../src/domain/access.ts'
import { PASSWORD_RULE } from '../../src/domain/password.ts'
import { Layout } from '../layout.tsx'
import type { MePage as Page } from '../models.people.ts'
import { Mistakes } from '../parts/field.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { Sessions } from '../parts/sessions.tsx'

/** `GET /settings/me`: who I am here, my password, where I am signed in. */
export const MePage = ({ page }: { page: Page }) => {
  const { frame, person, sessions } = page
  return (
    <Layout frame={frame} title={person.name} here="settings">
      <div class="title">
        <h1 class="source">{person.name}</h1>
        <form class="line" method="post" action="/sign-out">
          <span class="soft">You are {ROLE_WORDS[person.role]}.</span>
          <button class="btn" type="submit">
            Sign out
          </button>
        </form>
      </div>
      <div class="cols">
        <section class="part-of" aria-labelledby="sessions-h">
          <h2 id="sessions-h">Signed in</h2>
          <Sessions sessions={sessions} action="/settings/me/sessions/end" moment={frame.moment} />
        </section>
        {person.hasPassword && <Password page={page} />}
      </div>
    </Layout>
  )
}

const LABELS = { old: 'The one until now', password: 'The new one', again: 'The new one once more' }

const Password = ({ page: { person, change } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="password-h">
    <h2 id="password-h">Change the password</h2>
    <form class="stack" method="post" action="/settings/me/password" novalidate>
      <Mistakes form={change} labels={LABELS} />
      <input type="hidden" name="name" value={person.name} autocomplete="username" />
      <PasswordField form={change} name="old" label={LABELS.old} autocomplete="current-password" />
      <PasswordField form={change} name="password" label={LABELS.password} autocomplete="new-password" hint={PASSWORD_RULE} />
      <PasswordField form={change} name="again" label={LABELS.again} autocomplete="new-password" />
      <p>
        <button class="btn go" type="submit">
          Change it
        </button>
      </p>
      <p class="small soft">Everywhere else you will be signed out.</p>
    </form>
  </section>
)
