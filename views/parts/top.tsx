import { PAGE_PATHS } from '../addresses.ts'
import { MAIN_PAGES, type MainPage } from '../models.frame.ts'
import type { Frame } from '../models.ts'
import { grouped } from '../words.ts'
import { Glyph } from './glyph.tsx'

type Props = { frame: Frame; here: MainPage | undefined }

/** The mark, the pages that exist for who looks, and who that is. */
export const Top = ({ frame, here }: Props) => (
  <header class="top">
    <a class="mark" href="/">
      affirmative <Glyph of="met" />
    </a>
    <nav aria-label="Main" id="nav">
      <ul>
        {MAIN_PAGES.filter((page) => frame.pages.includes(page)).map((page) => (
          <li>
            <a href={PAGE_PATHS[page]} aria-current={here === page ? 'page' : undefined}>
              {TITLES[page]}
              <Count frame={frame} of={page} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
    {frame.who !== null && <Who frame={frame} who={frame.who} />}
  </header>
)

const TITLES: Record<MainPage, string> = {
  board: 'Board',
  'sign-off': 'Sign-off',
  incidents: 'Incidents',
  events: 'Events',
  channels: 'Channels',
  settings: 'Settings',
}

/** Has its place also while there is nothing to count: nothing moves when there is. */
const Count = ({ frame: { waiting, openIncidents }, of }: { frame: Frame; of: MainPage }) => {
  if (of === 'sign-off') return <Tally count={waiting} what="waiting" look="count" />
  if (of === 'incidents') return <Tally count={openIncidents} what="open" look="count missed" />
  return null
}

const Tally = ({ count, what, look }: { count: number | null; what: string; look: string }) => (
  <>
    {' '}
    <span class={look}>
      {count !== null && count > 0 && (
        <>
          {grouped(count)}
          <span class="vh"> {what}</span>
        </>
      )}
    </span>
  </>
)

const Who = ({ frame: { hasOwnPage, canSignOut }, who }: { frame: Frame; who: string }) => (
  <form class="who" method="post" action="/sign-out">
    {hasOwnPage ? <a href="/settings/me">{who}</a> : <span>{who}</span>}
    {canSignOut && (
      <button class="btn" type="submit">
        Sign out
      </button>
    )}
  </form>
)
