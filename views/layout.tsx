import { html } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'
import type { MainPage } from './models.frame.ts'
import type { Done, Frame } from './models.ts'
import { Ear } from './parts/ear.tsx'
import { Foot } from './parts/foot.tsx'
import { Glyph, Sprite } from './parts/glyph.tsx'
import { Top } from './parts/top.tsx'
import { faviconOf, titleOf } from './states.ts'

type Props = PropsWithChildren<{ frame: Frame; title: string; here?: MainPage; isLive?: boolean }>

/** A whole document with its doctype: answer a request with `c.html(<SomePage page={…} />)`. `isLive` pages hear of changes. */
export const Layout = ({ frame, title, here, isLive = false, children }: Props) => (
  <Bare frame={frame} title={title}>
    <a class="skip" href="#main">
      To the content
    </a>
    <Top frame={frame} here={here} />
    <main id="main">
      {isLive && <Ear />}
      {frame.done !== null && <DoneNotice done={frame.done} />}
      {children}
    </main>
    <Foot frame={frame} />
  </Bare>
)

/** A document without what stands around the others. */
export const Bare = ({ frame, title, look, children }: PropsWithChildren<{ frame: Frame; title: string; look?: string }>) =>
  html`<!doctype html>${(
    <html lang="en" data-theme={frame.look === 'system' ? undefined : frame.look}>
      <Head frame={frame} title={title} />
      <body class={look}>
        <Sprite />
        {children}
      </body>
    </html>
  )}`

const Head = ({ frame, title }: { frame: Frame; title: string }) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content={frame.look === 'system' ? 'light dark' : frame.look} />
    {/* Marks of a strip have no ids: each becomes its neighbour where it stands, instead of moving there. */}
    <meta name="htmx-config" content="includeIndicatorCSS:false history:false morphScanLimit:0" />
    <title>{titleOf(frame, title)}</title>
    <link rel="icon" type="image/svg+xml" href={`/assets/favicon-${faviconOf(frame)}.svg`} />
    <link rel="stylesheet" href={`/assets/affirmative.css?v=${frame.version}`} />
    <script src="/assets/htmx.js" defer />
    <script src={`/assets/affirmative.js?v=${frame.version}`} defer />
    <script src={`/assets/steady.js?v=${frame.version}`} defer />
    <script src={`/assets/shortcuts.js?v=${frame.version}`} defer />
  </head>
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
  withdrawn: 'Withdrawn: the link opens nothing any more.',
  planned: 'Planned.',
  ended: 'Ended: what is missed from now on is told.',
  'signed-out': 'Signed out.',
}

const DoneNotice = ({ done }: { done: Done }) => (
  <p class="done state wrap met" role="status">
    <Glyph of="met" /> {SAID[done]}
  </p>
)
