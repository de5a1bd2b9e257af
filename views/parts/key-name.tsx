import type { Millis } from '../../src/domain/time.ts'
import type { KeyRow } from '../models.keys.ts'
import type { Moment } from '../models.ts'
import { Relative } from './when.tsx'

/** What it is called, and how its secret begins. */
export const KeyName = ({ apiKey: { name, hint } }: { apiKey: Pick<KeyRow, 'name' | 'hint'> }) => (
  <>
    <b>{name}</b> <code class="soft">{hint}…</code>
  </>
)

export const KeyEnv = ({ env }: { env: string | null }) =>
  env === null ? <span class="soft">every environment</span> : <span class="tag env key-env">{env}</span>

export const KeyUse = ({ usedAt, moment }: { usedAt: Millis | null; moment: Moment }) =>
  usedAt === null ? (
    <span class="soft">never used</span>
  ) : (
    <>
      used <Relative at={usedAt} moment={moment} />
    </>
  )
