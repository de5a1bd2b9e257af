import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import { liveAttributes } from '../live.ts'
import type { BoardPage as Page } from '../models.ts'
import { Answer } from '../parts/answer.tsx'
import { BoardCalm } from '../parts/board-calm.tsx'
import { BoardEmpty } from '../parts/board-empty.tsx'
import { BoardFilterForm } from '../parts/board-filter.tsx'
import { BoardMore, moreId, partId } from '../parts/board-more.tsx'
import { BoardTable } from '../parts/board-table.tsx'
import { BoardTrouble } from '../parts/board-trouble.tsx'
import { Unexpected } from '../parts/unexpected.tsx'
import { worstOf } from '../states.ts'

type Props = { page: Page }

/** `GET /`; its live pieces fetch the same address. A later part (`?from=`) is `#part-<from>` instead of `#board`. */
export const BoardPage = ({ page }: Props) => {
  const { frame, filter, from } = page
  const isEmpty = frame.counts !== null && worstOf(frame.counts) === null
  const url = withQuery('/', { ...filter, from })
  return (
    <Layout frame={frame} title="Board" here="board" isLive>
      <Answer frame={frame} nextDue={page.nextDue} />
      {!isEmpty && <BoardFilterForm {...page} />}
      {from > 0 && (
        <p class="more">
          <a href={withQuery('/', filter)}>To the first part</a>
        </p>
      )}
      {isEmpty && <Unexpected {...page} />}
      <div {...liveAttributes({ url, id: partId(from), others: ['answer', moreId(from), 'unexpected'] })}>
        {isEmpty ? <BoardEmpty baseUrl={page.baseUrl} frame={frame} /> : <Ledger page={page} />}
      </div>
      {!isEmpty && <BoardMore page={page} />}
      {!isEmpty && from === 0 && <Unexpected {...page} />}
    </Layout>
  )
}

const Ledger = ({ page }: Props) => {
  const { filter, trouble, calm, from } = page
  const hasTrouble = trouble.length > 0 && (from === 0 || filter.state !== '')
  if (trouble.length + calm.length === 0)
    return (
      <p class="nothing">
        No expectation matches. <a href="/">Show all of them</a>
      </p>
    )
  return (
    <BoardTable caption="Expectations, those that need somebody first">
      {hasTrouble && <BoardTrouble page={page} />}
      {calm.length > 0 && <BoardCalm page={page} />}
    </BoardTable>
  )
}
