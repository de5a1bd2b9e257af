import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { SignInPage as Page } from '../models.people.ts'
import { TextField } from '../parts/field.tsx'
import { Seal } from '../parts/glyph.tsx'
import { PasswordField } from '../parts/password-field.tsx'

/** `GET /sign-in`: by an identity provider, or by name and password; `to` is where it goes on. */
export const SignInPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title="Sign in">
    <div class="narrow-page">
      <div class="title">
        <h1>Sign in</h1>
      </div>
      {page.trouble !== null && (
        <p class="state wrap missed mistakes" role="alert">
          <Seal of="missed" /> <span>{page.trouble}</span>
        </p>
      )}
      {page.provider !== null && <ByProvider provider={page.provider} to={page.to} />}
      {page.hasPasswords && <ByPassword page={page} />}
    </div>
  </Layout>
)

/** A link and no form: it leads to another server, which our policy lets no form do. */
const ByProvider = ({ provider, to }: { provider: string; to: string }) => (
  <p>
    <a class="btn go" href={withQuery('/sign-in/oidc', { to: to === '/' ? '' : to })}>
      Sign in with {provider}
    </a>
  </p>
)

const ByPassword = ({ page: { form, to, provider } }: { page: Page }) => (
  <>
    {provider !== null && <h2>Or with a password</h2>}
    <form class="stack" method="post" action="/sign-in" novalidate>
      <input type="hidden" name="to" value={to} />
      <TextField form={form} name="name" label="Name" autocomplete="username" />
      <PasswordField form={form} name="password" label="Password" autocomplete="current-password" />
      <p>
        <button class={provider === null ? 'btn go' : 'btn'} type="submit">
          Sign in
        </button>
      </p>
    </form>
    <p class="small soft">No account, or the password is lost? An admin can make a link for you.</p>
  </>
)

const TROUBLES: Readonly<Record<string, (provider: string) => string>> = {
  unreachable: (provider) => `${provider} does not answer, so nobody can sign in with it right now. Try again in a minute.`,
  refused: (provider) => `${provider} did not let you in.`,
  stale: () => 'This was not begun in this browser, or too long ago, or was done already. Begin again here.',
  invalid: (provider) => `What ${provider} answered cannot be believed. The log of this server says why.`,
}

/** Why signing in by the provider did not work; null for what is no trouble that we know. */
export const troubleInWords = (trouble: string | undefined, provider: string): string | null =>
  Object.hasOwn(TROUBLES, trouble ?? '') ? (TROUBLES[trouble ?? '']?.(provider) ?? null) : null
