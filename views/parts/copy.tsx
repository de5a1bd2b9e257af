import { Glyph } from './glyph.tsx'

/** Something to paste. `what` completes "Copy …" for those who do not see which block the button belongs to. */
export const Snippet = ({ text, what }: { text: string; what: string }) => (
  <div class="snip">
    <button class="btn copy" type="button" data-copy={text}>
      <Glyph of="copy" /> <span class="says-copy">Copy</span>
      <span class="vh"> {what}</span>
    </button>
    <pre>
      <code>{text}</code>
    </pre>
  </div>
)
