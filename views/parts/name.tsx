import { eventPath } from '../addresses.ts'
import { Glyph } from './glyph.tsx'

/** A text that may break after each `_ . : -`, so that long names wrap where people read a border. */
export const Breakable = ({ text }: { text: string }) => (
  <>
    {text.split(/(?<=[_.:-])/).map((piece, i) =>
      i === 0 ? (
        piece
      ) : (
        <>
          <wbr />
          {piece}
        </>
      ),
    )}
  </>
)

/** An event's name, leading to its page. */
export const EventLink = ({ event }: { event: string }) => (
  <a class="name" href={eventPath(event)}>
    <Breakable text={event} />
  </a>
)

/** An event's key; a click copies it (the button is shown only where scripts run). */
export const EventKey = ({ eventKey }: { eventKey: string }) => (
  <span class="key">
    <code>{eventKey}</code>
    <button class="copy" type="button" data-copy={eventKey} title="Copy this key">
      <span class="vh">Copy key {eventKey}</span>
      <Glyph of="copy" />
    </button>
  </span>
)

const MOST_TAGS = 3

/** The first three, and how many more. */
export const Tags = ({ tags }: { tags: readonly string[] }) => (
  <>
    {tags.slice(0, MOST_TAGS).map((tag) => (
      <>
        <span class="tag">{tag}</span>{' '}
      </>
    ))}
    {tags.length > MOST_TAGS && (
      <span class="tag" title={tags.slice(MOST_TAGS).join(', ')}>
        +{tags.length - MOST_TAGS}
      </span>
    )}
  </>
)
