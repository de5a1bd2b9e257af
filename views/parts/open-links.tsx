import type { ListedLink } from '../../src/domain/people.ts'
import { withdrawLinkPath } from '../addresses.ts'
import type { Moment } from '../models.ts'
import { Clock } from './when.tsx'

const forWhat = ({ kind, role, name }: ListedLink): string =>
  kind === 'password' ? `a new password of ${name ?? 'nobody'}` : `joining as ${role}`

/** Links that nobody has used yet: whoever has one comes in, so each can be withdrawn. */
export const OpenLinks = ({ links, moment }: { links: readonly ListedLink[]; moment: Moment }) => (
  <section class="part-of" aria-labelledby="open-h">
    <h2 id="open-h">Open links</h2>
    <table class="data">
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Made by</th>
          <th scope="col">Until, UTC</th>
          <th scope="col">
            <span class="vh">Withdraw it</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {links.map((link) => (
          <Row link={link} moment={moment} />
        ))}
      </tbody>
    </table>
  </section>
)

const Row = ({ link, moment }: { link: ListedLink; moment: Moment }) => (
  <tr>
    <td class="source">{forWhat(link)}</td>
    <td class="source">{link.createdBy}</td>
    <td>
      <Clock at={link.expiresAt} moment={moment} />
    </td>
    <td>
      <form method="post" action={withdrawLinkPath(link.id)}>
        <button class="btn" type="submit">
          Withdraw<span class="vh"> the link for {forWhat(link)}</span>
        </button>
      </form>
    </td>
  </tr>
)
