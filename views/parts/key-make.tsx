import { SCOPES, type Scope } from '../../src/domain/access.ts'
import { keysPath } from '../addresses.ts'
import type { KeysPage } from '../models.keys.ts'
import { Mistakes, TextField } from './field.tsx'
import { Glyph } from './glyph.tsx'

const SAYS: Record<Scope, string> = {
  affirm: 'say that events happened',
  read: 'see events, expectations, verdicts',
  write: 'change what is expected; reads, too',
  admin: 'everything, keys included',
}

const LABELS = { name: 'Name', scopes: 'What it may do', env: 'Environment' }

/** `POST /settings/keys` with `name`, `scope-affirm` and so on, and `env`. */
export const MakeKey = ({ form, envs }: Pick<KeysPage, 'form' | 'envs'>) => (
  <section class="part-of" aria-labelledby="make-h">
    <h2 id="make-h">Make a key</h2>
    <form class="fields" method="post" action={keysPath} novalidate>
      <Mistakes form={form} labels={LABELS} />
      <TextField
        form={form}
        name="name"
        label={LABELS.name}
        hint="Who will use it: one key for each program can be revoked alone."
      />
      <ScopesField form={form} />
      <TextField
        form={form}
        name="env"
        label={LABELS.env}
        aside="optional"
        class="mono"
        hint={`Only there it may affirm, read and change${envs.length > 0 ? ` (${envs.slice(0, 5).join(', ')})` : ''}. Empty: every one.`}
      />
      <p>
        <button class="btn go" type="submit">
          Make the key
        </button>
      </p>
    </form>
  </section>
)

const ScopesField = ({ form }: Pick<KeysPage, 'form'>) => {
  const chosen = form.values.scopes.split(' ')
  const wrong = form.errors.scopes
  return (
    <fieldset id="scopes" tabindex={-1} aria-describedby={wrong === undefined ? undefined : 'scopes-error'}>
      <legend>{LABELS.scopes}</legend>
      {SCOPES.map((scope) => (
        <label class="tick">
          <input type="checkbox" name={`scope-${scope}`} checked={chosen.includes(scope)} />{' '}
          <span>
            <b>{scope}</b> <span class="soft">{SAYS[scope]}</span>
          </span>
        </label>
      ))}
      {wrong !== undefined && (
        <p class="wrong" id="scopes-error">
          <Glyph of="missed" /> <span>{wrong}</span>
        </p>
      )}
    </fieldset>
  )
}
