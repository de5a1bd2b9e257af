import { keysPath, withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { KeyRow, KeysPage as Page } from '../models.keys.ts'
import type { Moment } from '../models.ts'
import { Snippet } from '../parts/copy.tsx'
import { Glyph } from '../parts/glyph.tsx'
import { MakeKey } from '../parts/key-make.tsx'
import { KeyEnv, KeyName, KeyUse } from '../parts/key-name.tsx'
import { Relative } from '../parts/when.tsx'

/** `GET /settings/keys`; the answer to making one, too, with its secret or with 422. */
export const KeysPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title="API keys" here="settings">
    <div class="title">
      <p class="small soft">
        <a href="/settings">Settings</a> / API keys
      </p>
      <h1>API keys</h1>
      <p class="soft">
        For programs, in a header: <code>Authorization: Bearer ak_…</code>
      </p>
    </div>
    {page.made !== null && <Made made={page.made} />}
    <div class="cols">
      <div>
        <Table page={page} />
      </div>
      <MakeKey form={page.form} envs={page.envs} />
    </div>
  </Layout>
)

const Made = ({ made: { name, secret } }: { made: NonNullable<Page['made']> }) => (
  <section class="part-of secret" role="status" aria-labelledby="made-h">
    <h2 id="made-h">The new key “{name}”</h2>
    <p class="state wrap late">
      <Glyph of="warn" />
      <span>Copy it now: it is shown this once, and kept nowhere.</span>
    </p>
    <Snippet text={secret} what="the new key" />
  </section>
)

const Table = ({ page: { items, next, frame } }: { page: Page }) => {
  if (items.length === 0) return <p class="nothing">No API key yet.</p>
  return (
    <section aria-label="All keys">
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">May</th>
            <th scope="col">Environment</th>
            <th scope="col">Use</th>
            <th scope="col">
              <span class="vh">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <Row row={row} moment={frame.moment} />
          ))}
        </tbody>
      </table>
      {next !== null && (
        <p class="more">
          <a class="btn" href={withQuery(keysPath, { cursor: next })}>
            More keys
          </a>
        </p>
      )}
    </section>
  )
}

const Row = ({ row, moment }: { row: KeyRow; moment: Moment }) => (
  <tr>
    <td class="full">
      <KeyName apiKey={row} />
      <div class="soft small source">
        made <Relative at={row.createdAt} moment={moment} /> by {row.createdBy}
      </div>
    </td>
    <td>{row.scopes.join(', ')}</td>
    <td>
      <KeyEnv env={row.env} />
    </td>
    <td>
      <KeyUse usedAt={row.usedAt} moment={moment} />
    </td>
    <td>
      <a href={`${keysPath}/${row.id}/revoke`}>
        Revoke<span class="vh"> {row.name}</span>
      </a>
    </td>
  </tr>
)
