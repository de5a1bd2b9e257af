import { withQuery } from '../addresses.ts'
import type { BoardPage as Page } from '../models.ts'
import { TROUBLE } from '../states.ts'
import { counted, grouped } from '../words.ts'
import { BoardGroup, BoardLine, BoardRows } from './board-table.tsx'

/** What needs somebody, worst first. More than fit are counted by state, each count leading to its list. */
export const BoardTrouble = ({ page }: { page: Page }) => {
  const { filter, matching, trouble } = page
  const total = filter.state === '' ? TROUBLE.reduce((sum, state) => sum + matching[state], 0) : matching[filter.state]
  return (
    <BoardGroup id="trouble" title="Not as expected" total={total} isTrouble>
      <BoardRows rows={trouble} page={page} />
      {filter.state === '' && total > trouble.length && <MoreTrouble page={page} />}
    </BoardGroup>
  )
}

const MoreTrouble = ({ page: { filter, matching, trouble } }: { page: Page }) => {
  const hidden = TROUBLE.map((state) => ({ state, n: matching[state] - trouble.filter((row) => row.state === state).length }))
  return (
    <BoardLine>
      {hidden
        .filter(({ n }) => n > 0)
        .map(({ state, n }, i) => (
          <>
            {i > 0 && ' · '}
            <a class={state} href={withQuery('/', { ...filter, state })}>
              {grouped(n)} more {state}
            </a>
          </>
        ))}
      <span class="vh">, {counted(trouble.length, 'row')} shown</span>
    </BoardLine>
  )
}
