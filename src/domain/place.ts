import type { Millis } from './time.ts'

/** A commit and when it was made. */
export type Commit = { commit: string; at: Millis }

/**
 * Where in code an event is affirmed, by its key or its name. One file of one repository is one place: `line` is the first in it, `more` how many follow.
 * It is known `first` from a commit, `last` seen in one, and `gone` since one that does not have it any more (null: it is there).
 */
export type Place = {
  id: number
  eventId: number
  repo: string
  path: string
  line: number
  more: number
  /** Where people can read it; http or https, null where nobody said. */
  link: string | null
  first: Commit
  last: Commit
  gone: Commit | null
  /** When the repository was told of last. */
  pushedAt: Millis
}

export type PlaceDraft = Pick<Place, 'eventId' | 'path' | 'line' | 'more' | 'link'>

/** All places of a repository at one commit. */
export type Push = { repo: string; at: Commit; places: readonly PlaceDraft[] }

export const MOST_PLACES = 10_000
export const MOST_REPOS = 1_000
export const LONGEST_REPO = 200
export const LONGEST_PATH = 1_024
export const LONGEST_LINK = 2_048

/** What breaks a line or cannot be seen has no business in a name that stands in tables and sentences. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

export const REPO_RULE = `1 to ${LONGEST_REPO} characters that can be seen`
export const isRepo = (text: string): boolean =>
  text.trim() === text && text.length >= 1 && text.length <= LONGEST_REPO && !UNSEEN.test(text)

export const PATH_RULE = `1 to ${LONGEST_PATH} characters without line breaks`
export const isPath = (text: string): boolean => text.length >= 1 && text.length <= LONGEST_PATH && !UNSEEN.test(text)

export const COMMIT_RULE = 'a commit is 7 to 64 of 0-9 a-f'
export const isCommit = (text: string): boolean => /^[0-9a-f]{7,64}$/.test(text)

export const LINK_RULE =
  'an http or https address without a password, in which {commit}, {path} and {line} are filled in: https://git.example.org/shop/blob/{commit}/{path}#L{line}'

/** Is it safe to lead people there? */
export function isWebLink(text: string): boolean {
  if (text.length > LONGEST_LINK || !URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

type Filled = { commit: string; path: string; line: number }

const escapedPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** The address of a line; null where it would become none, or too long a one. */
export function linkOf(template: string, { commit, path, line }: Filled): string | null {
  const values: Readonly<Record<string, string>> = { commit, path: escapedPath(path), line: String(line) }
  const link = template.replace(/\{(commit|path|line)\}/g, (_, field: string) => values[field] ?? '')
  return isWebLink(link) ? link : null
}

/** Since when an event is affirmed nowhere in the code that is known; null while it is, or where no code is known. */
export function goneSince(places: readonly Pick<Place, 'gone'>[]): Commit | null {
  const gone = places.flatMap((place) => place.gone ?? [])
  if (gone.length < places.length) return null
  return gone.reduce<Commit | null>((last, one) => (last === null || one.at > last.at ? one : last), null)
}
