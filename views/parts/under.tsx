import type { UnderView } from '../models.maintenance.ts'
import type { Moment } from '../models.ts'
import { Clock } from './when.tsx'

/** "in maintenance until 04:00": judged and shown, but nobody is told. Nothing where nothing holds it. */
export const UnderMark = ({ under, moment }: { under: UnderView | null; moment: Moment }) =>
  under === null ? null : (
    <span class="tag" title={under.name}>
      in maintenance until <Clock at={under.until} moment={moment} />
    </span>
  )
