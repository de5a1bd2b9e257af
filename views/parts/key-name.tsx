import type { KeyRow } from '../models.keys.ts'

/** What it is called, and how its secret begins. */
export const KeyName = ({ apiKey: { name, hint } }: { apiKey: Pick<KeyRow, 'name' | 'hint'> }) => (
  <>
    <b>{name}</b> <code class="soft">{hint}…</code>
  </>
)

export const KeyEnv = ({ env }: { env: string | null }) =>
  env === null ? <span class="soft">every one</span> : <span class="tag env">{env}</span>
