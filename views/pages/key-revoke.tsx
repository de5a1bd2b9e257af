import { keysPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { RevokeKeyPage as Page } from '../models.keys.ts'
import { KeyEnv, KeyName, KeyUse } from '../parts/key-name.tsx'

/** `GET /settings/keys/:id/revoke`: asks before `POST` to the same place. */
export const RevokeKeyPage = ({ page: { frame, apiKey } }: { page: Page }) => (
  <Layout frame={frame} title="Revoke an API key" here="settings">
    <div class="narrow-page">
      <div class="title">
        <p class="small soft">
          <a href="/settings">Settings</a> / <a href={keysPath}>API keys</a> / revoke
        </p>
        <h1 class="quiet">
          Revoke <KeyName apiKey={apiKey} />?
        </h1>
        <p class="line">
          <span>May {apiKey.scopes.join(', ')} in</span> <KeyEnv env={apiKey.env} />
        </p>
        <p class="soft">
          <KeyUse usedAt={apiKey.usedAt} moment={frame.moment} />
        </p>
      </div>
      <p>
        Whatever uses it is refused with 401 from then on, and its affirmations will be missed. It cannot be undone; make another
        one.
      </p>
      <form class="line" method="post" action={`${keysPath}/${apiKey.id}/revoke`}>
        <button class="btn bad" type="submit">
          Revoke the key
        </button>
        <a href={keysPath}>Keep it</a>
      </form>
    </div>
  </Layout>
)
