// Nothing jumps while the page updates: what the reader looks at stays where it is, and what has to make room glides there.

const PIECES = '.answer, .filter, .more, tr, .head, li, .part-of, .how, .cols form, .foot'
const GLIDE = { duration: 350, easing: 'ease-in-out' }
const isStill = matchMedia('(prefers-reduced-motion: reduce)')

let before = new Map()

const isInView = ({ top, bottom }) => bottom > 0 && top < innerHeight
const topOf = (piece) => piece.getBoundingClientRect().top

/** What must not move: where the reader is with the keyboard, else what is topmost. At the very top that is the answer. */
const reference = () => {
  const places = [...before.keys()].filter((piece) => piece.isConnected)
  return places.findLast((piece) => piece.contains(document.activeElement)) ?? places[0]
}

function hold() {
  const held = scrollY > 0 ? reference() : undefined
  const moved = held ? topOf(held) - before.get(held) : 0
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: 'instant' })
}

/** How far each piece has moved, by what it lies in not counted. */
function moves() {
  const all = new Map([...before].filter(([piece]) => piece.isConnected).map(([piece, top]) => [piece, top - topOf(piece)]))
  return [...all].map(([piece, by]) => [piece, by - (all.get(piece.parentElement?.closest(PIECES)) ?? 0)])
}

document.addEventListener('htmx:before:swap', () => {
  before = new Map()
  for (const piece of document.querySelectorAll(PIECES)) {
    const place = piece.getBoundingClientRect()
    if (isInView(place)) before.set(piece, place.top)
  }
  // The browser would hold something else.
  document.documentElement.style.overflowAnchor = 'none'
})

document.addEventListener('htmx:after:swap', () => {
  for (const glide of document.getAnimations()) glide.cancel()
  hold()
  for (const [piece, by] of isStill.matches ? [] : moves())
    if (Math.abs(by) >= 1) piece.animate([{ transform: `translateY(${by}px)` }, { transform: 'none' }], GLIDE)
  before = new Map()
  requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.style.removeProperty('overflow-anchor')))
})
