import { Layout } from '../layout.tsx'
import type { Frame } from '../models.ts'

type Key = { keys: readonly string[]; does: string }

/** What `assets/shortcuts.js` listens to; a test holds them together. */
export const SHORTCUTS: readonly { title: string; keys: readonly Key[] }[] = [
  {
    title: 'Go to',
    keys: [
      { keys: ['g', 'b'], does: 'the board' },
      { keys: ['g', 's'], does: 'sign-off' },
      { keys: ['g', 'i'], does: 'incidents' },
      { keys: ['g', 'e'], does: 'events' },
      { keys: ['/'], does: 'the search field' },
      { keys: ['w'], does: 'the board as a wall display, and back' },
    ],
  },
  {
    title: 'In a list',
    keys: [
      { keys: ['j'], does: 'the next row' },
      { keys: ['k'], does: 'the row before' },
      { keys: ['Enter'], does: 'open it' },
      { keys: ['c'], does: 'copy its key' },
      { keys: ['s'], does: 'sign it off, where that is offered' },
    ],
  },
  {
    title: 'Everywhere',
    keys: [
      { keys: ['?'], does: 'this list' },
      { keys: ['Escape'], does: 'close it, or leave the wall display' },
    ],
  },
]

/** `GET /shortcuts`: a page of its own, of which the script shows `#shortcuts` over any other page when `?` is pressed. */
export const ShortcutsPage = ({ frame }: { frame: Frame }) => (
  <Layout frame={frame} title="Shortcuts">
    <div class="narrow-page">
      <section id="shortcuts" class="keys">
        <h1>Keyboard shortcuts</h1>
        <p class="soft small">They need JavaScript, and rest while you type in a field.</p>
        {SHORTCUTS.map((group) => (
          <Group {...group} />
        ))}
        <label class="tick with-script">
          <input type="checkbox" id="has-shortcuts" checked /> Shortcuts of a single key are on in this browser
        </label>
      </section>
    </div>
  </Layout>
)

const Group = ({ title, keys }: (typeof SHORTCUTS)[number]) => (
  <section>
    <h2>{title}</h2>
    <dl class="facts">
      {keys.map(({ keys, does }) => (
        <>
          <dt>
            {keys.map((key) => (
              <>
                <kbd>{key}</kbd>{' '}
              </>
            ))}
          </dt>
          <dd>{does}</dd>
        </>
      ))}
    </dl>
  </section>
)
