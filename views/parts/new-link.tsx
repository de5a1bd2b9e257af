import type { NewLink as Link } from '../models.people.ts'
import { Snippet } from './copy.tsx'

/** A link that works once, and is shown once. `what` says to whom to give it. */
export const NewLink = ({ link, what }: { link: Link; what: string }) => (
  <section class="part-of" role="status" aria-labelledby="link-h">
    <h2 id="link-h">The link</h2>
    <Snippet text={link.url} what="the link" />
    <p class="small soft">
      {what} It works once, for {link.lasts}, and is not shown again. Whoever has it can use it: give it to nobody else.
    </p>
  </section>
)
