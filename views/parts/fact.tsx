import type { Child } from 'hono/jsx'
import { Glyph } from './glyph.tsx'

/** A word and what there is to say of it, in a list of facts. */
export const Fact = ({ name, children }: { name: string; children?: Child }) => (
  <>
    <dt class="soft">{name}</dt>
    <dd>{children}</dd>
  </>
)

/** As it should be. */
export const Good = ({ children }: { children?: Child }) => (
  <span class="state met">
    <Glyph of="met" /> {children}
  </span>
)

/** A trouble. */
export const Bad = ({ children }: { children?: Child }) => (
  <span class="state wrap late">
    <Glyph of="warn" /> <span>{children}</span>
  </span>
)
