import { Layout } from '../layout.tsx'
import type { SignInPage as Page } from '../models.people.ts'
import { TextField } from '../parts/field.tsx'
import { Seal } from '../parts/glyph.tsx'
import { PasswordField } from '../parts/password-field.tsx'

/** `GET /sign-in`: name and password; `to` is where it goes on. */
export const SignInPage = ({ page: { frame, form, to, trouble } }: { page: Page }) => (
  <Layout frame={frame} title="Sign in">
    <div class="narrow-page">
      <div class="title">
        <h1>Sign in</h1>
      </div>
      {trouble !== null && (
        <p class="state wrap missed mistakes" role="alert">
          <Seal of="missed" /> <span>{trouble}</span>
        </p>
      )}
      <form class="stack" method="post" action="/sign-in" novalidate>
        <input type="hidden" name="to" value={to} />
        <TextField form={form} name="name" label="Name" autocomplete="username" />
        <PasswordField form={form} name="password" label="Password" autocomplete="current-password" />
        <p>
          <button class="btn go" type="submit">
            Sign in
          </button>
        </p>
      </form>
      <p class="small soft">No account, or the password is lost? An admin can make a link for you.</p>
    </div>
  </Layout>
)
