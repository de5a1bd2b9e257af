import { Glyph } from './glyph.tsx'

/** Hears `news` from the server; pieces that say `news from:#live` fetch themselves anew. The script shows `#stale` when nothing comes. */
export const Ear = () => (
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
