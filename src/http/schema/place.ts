import * as v from 'valibot'
import {
  COMMIT_RULE,
  isCommit,
  isPath,
  isRepo,
  isWebLink,
  LINK_RULE,
  linkOf,
  MOST_PLACES,
  PATH_RULE,
  REPO_RULE,
} from '../../domain/place.ts'
import { count, instant, nameOrKey, page } from './fields.ts'

const text = v.string('must be a text')
const repo = v.pipe(text, v.check(isRepo, REPO_RULE))

/** A template is good when what is made of it is. */
const isTemplate = (template: string): boolean =>
  isWebLink(template) && linkOf(template, { commit: 'a'.repeat(40), path: 'a', line: 1 }) !== null

const place = v.strictObject({
  event: nameOrKey,
  path: v.pipe(text, v.check(isPath, PATH_RULE)),
  line: count(1, 100_000_000),
})

export const sentPlaces = v.strictObject({
  repo,
  commit: v.pipe(text, v.check(isCommit, COMMIT_RULE)),
  committedAt: instant,
  link: v.optional(v.nullable(v.pipe(text, v.check(isTemplate, LINK_RULE))), null),
  places: v.pipe(
    v.array(place, 'must be a list of places'),
    v.maxLength(MOST_PLACES, `at most ${MOST_PLACES.toLocaleString('en')} places`),
  ),
})

export const placesQuery = v.strictObject({ ...page, event: v.optional(nameOrKey), repo: v.optional(repo) })
export const repoQuery = v.strictObject({ repo })
