import { ROLE_WORDS, type Role } from '../../src/domain/access.ts'

/** Follows the role of who is admin whatever role they have here. */
export const BY_PROXY = ", by the proxy's settings"

/** In place of sessions, links and passwords, where a proxy says who people are. */
export const LetInByProxy = ({ firstRole }: { firstRole: Role }) => (
  <section class="part-of" aria-labelledby="let-in-h">
    <h2 id="let-in-h">Who is let in</h2>
    <p>
      The proxy in front of this server lets people in and says who they are; there is nothing to sign in to here. Whoever comes
      for the first time is {ROLE_WORDS[firstRole]}.
    </p>
  </section>
)
