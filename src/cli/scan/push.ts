import { basename } from 'node:path'
import { isPath, isRepo, isWebLink, MOST_PLACES, REPO_RULE } from '../../domain/place.ts'
import type { Api } from '../api.ts'
import { WrongUsage } from '../verb.ts'
import type { Item } from './findings.ts'
import { type Checkout, checkoutOf, linkTemplateOf, type Remote, remoteOf } from './git.ts'

/** What the server makes of it. */
type Kept = { added: number; kept: number; gone: number; unknown: unknown[] }
/** The repository as the server is to know it. */
export type Pushing = { repo: string; link: string | null; checkout: Checkout }

/** `{repo}` of a template is where the pages of the remote are. */
function linkOf(template: string | undefined, remote: Remote | null): string | null {
  if (template === undefined) return remote === null ? null : linkTemplateOf(remote)
  const link = template.replaceAll('{repo}', remote?.web ?? '')
  if (isWebLink(link)) return link
  throw new WrongUsage(
    '--link must become an http or https address without a password, like {repo}/blob/{commit}/{path}#L{line}.',
  )
}

/** Read before anything is looked through, so that what cannot be pushed is said at once. Throws `WrongUsage`. */
export async function pushingOf(
  dir: string,
  given: { repo?: string | undefined; link?: string | undefined },
  env: NodeJS.ProcessEnv,
): Promise<Pushing> {
  const checkout = await checkoutOf(dir, env)
  if (checkout === null) throw new WrongUsage('--push needs a git repository with a commit: places are told of a commit.')
  if (checkout.inside !== '' && given.repo === undefined)
    throw new WrongUsage(
      'This is a part of a repository, and would replace what is known of all of it: scan its root, or give the part a name by --repo.',
    )
  const remote = checkout.remote === null ? null : remoteOf(checkout.remote)
  const repo = given.repo ?? remote?.name ?? basename(dir)
  if (!isRepo(repo)) throw new WrongUsage(`--repo: ${REPO_RULE}.`)
  return { repo, link: linkOf(given.link, remote), checkout }
}

/** Sends the places of known events; resolves to what became of them, in a sentence. */
export async function push(api: Api, { repo, link, checkout }: Pushing, items: readonly Item[]): Promise<string> {
  const { commit, committedAt, inside, isClean } = checkout
  const places = items
    .filter(({ known, path }) => known === true && isPath(`${inside}${path}`))
    .map(({ key, path, line }) => ({ event: key, path: `${inside}${path}`, line }))
  if (places.length > MOST_PLACES) throw new WrongUsage(`There are ${places.length} places; at most ${MOST_PLACES} are taken.`)
  const kept = await api.send<Kept>('POST', '/places', { repo, commit, committedAt, link, places })
  const told = `Told of ${repo} at ${commit.slice(0, 12)}: ${kept.added} new, ${kept.kept} as before, ${kept.gone} gone.`
  return isClean ? told : `${told} There are changes that are not committed: lines may differ from that commit.`
}
