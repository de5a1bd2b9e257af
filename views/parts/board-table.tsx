import type { PropsWithChildren } from 'hono/jsx'
import type { BoardPage, BoardRow as Row } from '../models.ts'
import { grouped } from '../words.ts'
import { BoardRow } from './board-row.tsx'

const COLUMNS = 7

/** The head says what the columns are; on narrow screens it is left out, there the rows explain themselves. */
export const BoardTable = ({ caption, children }: PropsWithChildren<{ caption: string }>) => (
  <table class="board">
    <caption class="vh">{caption}</caption>
    <thead>
      <tr>
        <th class="state-c" scope="col">
          State
        </th>
        <th class="name-c" scope="col">
          Event and what is expected of it
        </th>
        <td class="sent-c" />
        <th class="strip-c" scope="col">
          Last 30 verdicts
        </th>
        <th class="last-c" scope="col">
          Last affirmation
        </th>
        <th class="next-c" scope="col">
          Next due
        </th>
        <td class="act-c" />
      </tr>
    </thead>
    {children}
  </table>
)

type GroupProps = PropsWithChildren<{
  id: string
  title: string
  /** How many there are, shown or not. */
  total: number
  isTrouble?: boolean
  /** So many rows that the browser should lay them out only when they are near. */
  isLong?: boolean
}>

/** Rows under one heading: a ledger's section. */
export const BoardGroup = ({ id, title, total, isTrouble = false, isLong = false, children }: GroupProps) => (
  <tbody id={id} class={isTrouble ? 'trouble' : isLong ? 'long' : undefined}>
    <tr class="group">
      <th colspan={COLUMNS} scope="rowgroup">
        <b>{title}</b> <span class="soft">{grouped(total)}</span>
      </th>
    </tr>
    {children}
  </tbody>
)

/** A last line of a group that leads on. */
export const BoardLine = ({ children }: PropsWithChildren) => (
  <tr class="group more">
    <td colspan={COLUMNS}>{children}</td>
  </tr>
)

/** All rows given, in their order. */
export const BoardRows = ({ rows, page }: { rows: readonly Row[]; page: Pick<BoardPage, 'frame' | 'defaultEnv'> }) => (
  <>
    {rows.map((row) => (
      <BoardRow row={row} page={page} />
    ))}
  </>
)
