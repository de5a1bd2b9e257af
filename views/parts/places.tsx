import { isWebLink } from '../../src/domain/place.ts'
import type { PlacesView, PlaceView } from '../models.places.ts'
import type { Moment } from '../models.ts'
import { counted } from '../words.ts'
import { Relative } from './when.tsx'

type Props = { places: PlacesView; moment: Moment }

const short = (commit: string): string => commit.slice(0, 10)

/** Where in code the event is affirmed, as scans of repositories have told. */
export const Places = ({ places: { items, total, gone }, moment }: Props) => (
  <section class="part-of" aria-labelledby="places-h">
    <h2 id="places-h">Where in code</h2>
    {gone !== null && (
      <p>
        In no code since <code>{short(gone.commit)}</code>, <Relative at={gone.at} moment={moment} />. What is affirmed after that
        comes from a build whose key no longer exists in code.
      </p>
    )}
    {total === 0 ? (
      <p class="small soft">
        Not told yet: <code>affirmative scan --push</code> in a repository tells it.
      </p>
    ) : (
      <ul>
        {items.map((place) => (
          <Item place={place} moment={moment} />
        ))}
      </ul>
    )}
    {total > items.length && <p class="small soft">{`and ${counted(total - items.length, 'place')} more: see the API`}</p>}
  </section>
)

const Item = ({ place, moment }: { place: PlaceView; moment: Moment }) => {
  const { repo, first, gone, more, pushedAt } = place
  return (
    <li class="said">
      <Where place={place} />
      {more > 0 && <span class="small soft">{` and ${counted(more, 'line')} more`}</span>}{' '}
      <span class="small soft">
        {repo}, {gone === null ? 'since' : 'gone since'} <code>{short((gone ?? first).commit)}</code>{' '}
        <Relative at={(gone ?? first).at} moment={moment} />; told <Relative at={pushedAt} moment={moment} />
      </span>
    </li>
  )
}

/** What was told by others leads people away only to a page of the web. */
const Where = ({ place: { path, line, link, gone } }: { place: PlaceView }) => {
  const text = `${path}:${line}`
  if (gone !== null) return <s>{text}</s>
  if (link === null || !isWebLink(link)) return <span>{text}</span>
  return (
    <a href={link} rel="noreferrer">
      {text}
    </a>
  )
}
