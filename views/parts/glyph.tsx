import type { State } from '../../src/domain/expectation.ts'

/** The shapes, once a page; {@link Glyph} points at them. Colour is never the only signal: each state has its own shape. */
const SHAPES = {
  met: 'M2 8.6 6.2 12.8 14 3.6',
  missed: 'M3 3 13 13M13 3 3 13',
  late: 'M2 8H4.6M6.7 8H9.3M11.4 8H14',
  unknown: 'M4.6 5.2C4.6 3.2 6 2 8 2S11.4 3.2 11.4 5C11.4 7.4 8 7.6 8 10.2M8 12.2V14.4',
  waiting: 'M8 3A5 5 0 1 0 8 13A5 5 0 1 0 8 3Z',
  paused: 'M5.4 3V13M10.6 3V13',
  warn: 'M8 2V9.6M8 11.8V14.2',
  copy: 'M5.5 5.5H13.5V13.5H5.5ZM10.5 3V2.5H2.5V10.5H3',
} as const
type Shape = keyof typeof SHAPES

/** Stands at the top of the body, unseen. */
export const Sprite = () => (
  <svg class="sprite" aria-hidden="true">
    {Object.entries(SHAPES).map(([name, d]) => (
      <symbol id={`g-${name}`} viewBox="0 0 16 16">
        <path d={d} />
      </symbol>
    ))}
  </svg>
)

/** One shape, as tall as the text beside it. */
export const Glyph = ({ of }: { of: Shape }) => (
  <svg class="g" viewBox="0 0 16 16" aria-hidden="true">
    <use href={`#g-${of}`} />
  </svg>
)

/** The glyph on its ground; `.seal` takes its colours from the state around it. */
export const Seal = ({ of }: { of: State }) => (
  <span class="seal">
    <Glyph of={of} />
  </span>
)

/** Glyph and word. */
export const StateMark = ({ state }: { state: State }) => (
  <span class={`state ${state}`}>
    <Seal of={state} /> {state}
  </span>
)
