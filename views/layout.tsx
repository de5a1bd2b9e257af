import { html } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'
import { iso } from '../src/domain/time.ts'
import type { Done, Frame } from './models.ts'
import { Glyph, Sprite } from './parts/glyph.tsx'
import { Relative } from './parts/when.tsx'
import { faviconOf, titleOf } from './states.ts'
import { inFull } from './words.ts'

type Here = 'board' | 'events'
type Props = PropsWithChildren<{ frame: Frame; title: string; here?: Here; isLive?: boolean }>

/** A whole document with its doctype: answer a request with `c.html(<SomePage page={…} />)`. `isLive` pages hear of changes. */
export const Layout = ({ frame, title, here, isLive = false, children }: Props) =>
  html`<!doctype html>${(
    <html lang="en">
      <Head frame={frame} title={title} />
      <body>
        <Sprite />
        <a class="skip" href="#main">
          To the content
        </a>
        <Top here={here} />
        <main id="main">
          {isLive && <Ear />}
          {frame.done !== null && <DoneNotice done={frame.done} />}
          {children}
        </main>
        <Foot frame={frame} />
      </body>
    </html>
  )}`

const Head = ({ frame, title }: { frame: Frame; title: string }) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="htmx-config" content="includeIndicatorCSS:false history:false" />
    <title>{titleOf(frame, title)}</title>
    <link rel="icon" type="image/svg+xml" href={`/assets/favicon-${faviconOf(frame)}.svg`} />
    <link rel="stylesheet" href={`/assets/affirmative.css?v=${frame.version}`} />
    <script src="/assets/htmx.js" defer />
    <script src={`/assets/affirmative.js?v=${frame.version}`} defer />
  </head>
)

const Top = ({ here }: { here: Here | undefined }) => (
  <header class="top">
    <a class="mark" href="/">
      affirmative <Glyph of="met" />
    </a>
    <nav aria-label="Main">
      <ul>
        <li>
          <a href="/" aria-current={here === 'board' ? 'page' : undefined}>
            Board
          </a>
        </li>
        <li>
          <a href="/events" aria-current={here === 'events' ? 'page' : undefined}>
            Events
          </a>
        </li>
      </ul>
    </nav>
  </header>
)

/** Hears `news` from the server; pieces that say `news from:#live` fetch themselves anew. The script shows `#stale` when nothing comes. */
const Ear = () => (
  <>
    <div id="live" hidden hx-sse:connect="/live" hx-swap="none" />
    <p id="stale" class="warn" role="status" hidden>
      <span class="state wrap late">
        <Glyph of="warn" />
        <span>
          No answer from the server for <span class="for">a while</span>. What you see may be old.
        </span>
      </span>
    </p>
  </>
)

const SAID: Record<Done, string> = {
  registered: 'Registered.',
  saved: 'Saved.',
  'signed-off': 'Signed off: the affirmation is stored.',
  'taken-back': 'Taken back: it counts no more.',
  paused: 'Paused: nothing is judged until you resume it.',
  resumed: 'Resumed: it is judged from now on.',
  deleted: 'Deleted.',
  revoked: 'Revoked: other nodes know within seconds.',
  'signed-out': 'Signed out.',
}

const DoneNotice = ({ done }: { done: Done }) => (
  <p class="done state wrap met" role="status">
    <Glyph of="met" /> {SAID[done]}
  </p>
)

/** How fresh the page is: a watcher that stopped must not look like one that sees nothing wrong. */
const Foot = ({ frame }: { frame: Frame }) => (
  <footer class="foot" id="foot" data-favicon={faviconOf(frame)}>
    <p>
      <a href="/about">affirmative {frame.version}</a> · <Judged frame={frame} /> · it is{' '}
      <time id="now" datetime={iso(frame.moment.now)} title={inFull(frame.moment.now, frame.moment)} data-says="clock">
        {iso(frame.moment.now).slice(11, 19)} UTC
      </time>
    </p>
  </footer>
)

const Judged = ({ frame: { judgedAt, moment } }: { frame: Frame }) =>
  judgedAt === null ? (
    <>nothing judged yet</>
  ) : (
    <>
      judged <Relative at={judgedAt} moment={moment} />
    </>
  )
