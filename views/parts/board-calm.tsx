import type { BoardPage as Page } from '../models.ts'
import { BoardGroup, BoardRows } from './board-table.tsx'

const LONG = 30

/** What needs nobody: as expected, then paused. Of a long list one part. */
export const BoardCalm = ({ page }: { page: Page }) => {
  const { filter, matching, calm, from } = page
  const isWanted = (state: 'met' | 'waiting' | 'paused') => filter.state === '' || filter.state === state
  const count = (state: 'met' | 'waiting' | 'paused') => (isWanted(state) ? matching[state] : 0)
  const expected = calm.filter(({ state }) => state !== 'paused')
  const paused = calm.filter(({ state }) => state === 'paused')
  const rest = from === 0 ? '' : `, from number ${from + 1}`
  return (
    <>
      {expected.length > 0 && (
        <BoardGroup
          id={`expected-${from}`}
          title={`As expected${rest}`}
          total={count('met') + count('waiting')}
          isLong={expected.length > LONG}
        >
          <BoardRows rows={expected} page={page} />
        </BoardGroup>
      )}
      {paused.length > 0 && (
        <BoardGroup id={`paused-${from}`} title="Paused" total={count('paused')} isLong={paused.length > LONG}>
          <BoardRows rows={paused} page={page} />
        </BoardGroup>
      )}
    </>
  )
}
