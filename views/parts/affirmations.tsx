import { STATUSES } from '../../src/domain/affirmation.ts'
import type { Millis } from '../../src/domain/time.ts'
import { eventPath, withQuery } from '../addresses.ts'
import type { PlacesView } from '../models.places.ts'
import type { AffirmationView, EventPage, Moment } from '../models.ts'
import { exportCommand } from '../snippets.ts'
import { valueInWords } from '../value.ts'
import { counted, leadingZone, signer } from '../words.ts'
import { Snippet } from './copy.tsx'
import { Options, plainly } from './field.tsx'
import { Glyph } from './glyph.tsx'
import { Clock, Relative } from './when.tsx'

type Props = Pick<EventPage, 'event' | 'affirmations' | 'envs' | 'baseUrl' | 'frame' | 'places'> & { moment: Moment }

/** What arrived, newest first; the table is a live piece. */
export const Affirmations = ({ event, affirmations, envs, baseUrl, frame: { asksForKeys }, places, moment }: Props) => (
  <section class="part-of" aria-labelledby="affirmations-h">
    <h2 id="affirmations-h">Affirmations</h2>
    <Filter event={event} affirmations={affirmations} envs={envs} />
    <div id="affirmations">
      <Table event={event} affirmations={affirmations} places={places} moment={moment} />
    </div>
    <details class="export">
      <summary class="small">Export them all as NDJSON</summary>
      <Snippet text={exportCommand({ baseUrl, asksForKeys, ...event }, affirmations.filter)} what="the export command" />
    </details>
  </section>
)

const Filter = ({ event: { name }, affirmations: { filter }, envs }: Pick<Props, 'event' | 'affirmations' | 'envs'>) => (
  <form class="pair sift" method="get" action={`${eventPath(name)}#affirmations-h`}>
    <div class="field">
      <label for="f-env">Environment</label>
      <select id="f-env" name="env">
        <Options chosen={filter.env} choices={[{ value: '', says: 'any' }, ...plainly(envs)]} />
      </select>
    </div>
    <div class="field">
      <label for="f-status">Status</label>
      <select id="f-status" name="status">
        <Options chosen={filter.status} choices={[{ value: '', says: 'any' }, ...plainly(STATUSES)]} />
      </select>
    </div>
    <div class="field">
      <label for="f-source">Source</label>
      <input id="f-source" name="source" value={filter.source} placeholder="any" autocomplete="off" spellcheck={false} />
    </div>
    <button class="btn" type="submit">
      Filter
    </button>
  </form>
)

const Table = ({
  event: { name },
  affirmations: { items, next, cursor, filter },
  places,
  moment,
}: Omit<Props, 'envs' | 'baseUrl' | 'frame'>) => (
  <>
    {items.length === 0 ? (
      <p class="soft">None here.</p>
    ) : (
      <table class="data">
        <caption class="vh">Affirmations, newest first</caption>
        <thead>
          <tr>
            <th scope="col">At, {leadingZone(moment)}</th>
            <th scope="col">Status</th>
            <th scope="col">Source</th>
            <th scope="col">Env</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row item={item} places={places} moment={moment} />
          ))}
        </tbody>
      </table>
    )}
    <p class="small line">
      {next !== null && <a href={`${withQuery(eventPath(name), { ...filter, cursor: next })}#affirmations-h`}>Older</a>}
      {cursor !== null && <a href={`${withQuery(eventPath(name), filter)}#affirmations-h`}>To the newest</a>}
    </p>
  </>
)

const GLYPHS = { ok: 'met', fail: 'missed', start: null, log: null } as const

/** Of an event that is in no code any more: who affirms it is an old build, or a person, who needs none. */
const isOfOldBuild = ({ at, source }: AffirmationView, { gone }: PlacesView): boolean =>
  gone !== null && at > gone.at && !source.startsWith('user:')

type RowProps = { item: AffirmationView; places: PlacesView; moment: Moment }

const Row = ({ item, places, moment }: RowProps) => {
  const { id, at, status, source, env, value, withdrawn } = item
  const glyph = withdrawn === null ? GLYPHS[status] : null
  return (
    <tr id={`affirmation-${id}`}>
      <td>
        <Clock at={at} moment={moment} />
      </td>
      <td>
        {glyph === null ? (
          <span class="soft">{withdrawn === null ? status : <Withdrawn {...withdrawn} moment={moment} />}</span>
        ) : (
          <span class={`state ${glyph}`}>
            <Glyph of={glyph} /> {status}
          </span>
        )}
      </td>
      <td class="source">
        {source}
        {isOfOldBuild(item, places) && <div class="small late">from a build whose key is in no code</div>}
      </td>
      <td>{env}</td>
      <td class="full">{value !== null && <Value json={value} />}</td>
    </tr>
  )
}

const Withdrawn = ({ by, at, moment }: { by: string; at: Millis; moment: Moment }) => (
  <>
    withdrawn by {signer(by)} <Relative at={at} moment={moment} />
  </>
)

const LONGEST_LINE = 100

/** Short ones as they are; long ones folded, with their beginning to see. */
const Value = ({ json }: { json: string }) => {
  const { text, cut } = valueInWords(json)
  const line = text.replace(/\s+/g, ' ')
  if (line.length <= LONGEST_LINE) return <code>{line}</code>
  return (
    <details>
      <summary>
        <code>{line.slice(0, LONGEST_LINE)}…</code>
      </summary>
      <pre>
        {text}
        {cut > 0 && `\n… and ${counted(cut, 'character')} more: see the export`}
      </pre>
    </details>
  )
}
