import type { SuggestionView } from '../models.backtest.ts'

const SURE = { high: 'quite sure', fair: 'fairly sure', low: 'a guess' } as const

/** Why the fields hold what they hold, or why nothing could be suggested. */
export const Suggested = ({ suggested }: { suggested: SuggestionView }) => (
  <p class="small" role="status" id="suggested">
    {suggested.isFilled ? <b>Suggested, {SURE[suggested.confidence]}: </b> : <b>No suggestion: </b>}
    {suggested.why}
    {suggested.isFilled && ' Nothing is saved yet.'}
  </p>
)
