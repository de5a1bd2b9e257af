import { ROLE_WORDS } from '../../src/domain/access.ts'
import { PASSWORD_RULE } from '../../src/domain/password.ts'
import type { LinkKind } from '../../src/domain/people.ts'
import { Layout } from '../layout.tsx'
import type { WelcomePage as Page } from '../models.people.ts'
import { Mistakes, TextField } from '../parts/field.tsx'
import { PasswordField } from '../parts/password-field.tsx'

const TITLE: Record<LinkKind, string> = { 'set-up': 'Set up affirmative', invitation: 'Welcome', password: 'A new password' }

const Says = ({ page: { kind, role, name } }: { page: Page }) => {
  if (kind === 'set-up') return <>Nobody can sign in here yet. You are the first, and an admin: you invite the others.</>
  if (kind === 'password') return <>For {name}. Everywhere else you will be signed out.</>
  return <>You are invited as {ROLE_WORDS[role]}.</>
}

const LABELS = { name: 'Name', password: 'Password', again: 'The same once more' }

/** `GET /welcome/:token`: what the link is for. Looking at it does not use it. */
export const WelcomePage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title={TITLE[page.kind]}>
    <div class="narrow-page">
      <div class="title">
        <h1>{TITLE[page.kind]}</h1>
        <p class="soft">
          <Says page={page} />
        </p>
      </div>
      <form class="stack" method="post" action={`/welcome/${page.token}`} novalidate>
        <Mistakes form={page.form} labels={LABELS} />
        {page.name === null ? (
          <TextField
            form={page.form}
            name="name"
            label={LABELS.name}
            autocomplete="username"
            hint="What you sign off is recorded with it. It stays: take the one that others call you by."
          />
        ) : (
          <input type="hidden" name="name" value={page.name} autocomplete="username" />
        )}
        <PasswordField
          form={page.form}
          name="password"
          label={LABELS.password}
          autocomplete="new-password"
          hint={PASSWORD_RULE}
        />
        <PasswordField form={page.form} name="again" label={LABELS.again} autocomplete="new-password" />
        <p>
          <button class="btn go" type="submit">
            {page.kind === 'password' ? 'Take this password' : 'Come in'}
          </button>
        </p>
      </form>
    </div>
  </Layout>
)
