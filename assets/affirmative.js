// Makes the pages livelier; without it all of them work. No eval, nothing inline: the strict CSP holds.

const all = (selector, root = document) => [...root.querySelectorAll(selector)]
document.documentElement.classList.add('js')

// Copying

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  // Browsers give no clipboard to plain http; the old way still works there.
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

async function copyFrom(button) {
  await copy(button.dataset.copy)
  const label = button.querySelector('.says-copy')
  button.classList.add('copied')
  if (label) label.textContent = 'Copied'
  setTimeout(() => {
    button.classList.remove('copied')
    if (label) label.textContent = 'Copy'
  }, 1500)
}

document.addEventListener('click', (click) => {
  const button = click.target.closest('[data-copy]')
  if (button) void copyFrom(button)
  const fill = click.target.closest('[data-fill]')
  if (!fill) return
  const field = document.getElementById(fill.dataset.fill)
  click.preventDefault()
  field.value = fill.value
  field.focus()
  field.dispatchEvent(new Event('input', { bubbles: true }))
})

// Strips: arrows choose a mark, Escape hides the tip

function choose(strip, mark) {
  for (const other of all('.chosen', strip)) other.classList.remove('chosen')
  mark.classList.add('chosen')
  strip.classList.remove('quiet-tip')
  strip.nextElementSibling.textContent = mark.title
}

document.addEventListener('keydown', (press) => {
  const strip = document.activeElement.closest('a.strip')
  if (press.key === 'Escape') for (const open of all('a.strip')) open.classList.add('quiet-tip')
  if (!strip || !['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(press.key)) return
  press.preventDefault()
  const marks = [...strip.children]
  const chosen = marks.findIndex((mark) => mark.classList.contains('chosen'))
  const here = chosen < 0 ? marks.length - 1 : chosen
  const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: marks.length - 1 }[press.key]
  strip.nextElementSibling.ariaLive = 'polite'
  choose(strip, marks[Math.max(0, Math.min(marks.length - 1, to))])
})

document.addEventListener('pointerover', ({ target }) => {
  const strip = target.closest('a.strip')
  if (strip && target !== strip) choose(strip, target)
})

document.addEventListener('focusin', ({ target }) => {
  if (target.matches('a.strip')) target.classList.remove('quiet-tip')
})

// Time goes on while the page stands open. The words are those of views/words.ts; a test holds them together.

function spanInWords(span) {
  const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]
  const minutes = Math.round(span / minute)
  if (span < 100 * second) return `${Math.round(span / second)} s`
  if (span < 100 * minute) return `${minutes} min`
  if (span < 10 * hour && minutes % 60 > 0) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  if (span < 2 * day) return `${Math.round(span / hour)} h`
  return `${Math.round(span / day)} days`
}

function relative(at, now) {
  if (Math.abs(at - now) < 1_500) return 'just now'
  return at < now ? `${spanInWords(now - at)} ago` : `in ${spanInWords(at - now)}`
}

const clocks = {}
function clockOf(timeZone) {
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
  clocks[timeZone] ??= new Intl.DateTimeFormat('en-GB', { timeZone, ...parts })
  return clocks[timeZone]
}

const SAYS = {
  relative,
  span: (at, now) => spanInWords(Math.max(0, now - at)),
  clock: (_, now, { zone }) => `${clockOf(zone).format(now)} ${zone.split('/').at(-1).replaceAll('_', ' ')}`,
}

// The server's clock counts, not the reader's.
const drift = () => Date.parse(document.getElementById('now').dateTime) - Date.now()
let ahead = drift()
let heard = Date.now()

function tick() {
  for (const time of all('time[data-says]')) {
    const text = SAYS[time.dataset.says](Date.parse(time.dateTime), Date.now() + ahead, time.dataset)
    if (time.textContent !== text) time.textContent = text
  }
  showStale()
}
setInterval(tick, 1_000)

// Live updates: a page that hears nothing must say so, silence here would look like health

const PATIENCE = 75_000

function showStale() {
  const stale = document.getElementById('stale')
  if (!stale) return
  const silence = Date.now() - heard
  stale.hidden = silence < PATIENCE
  if (!stale.hidden) stale.querySelector('.for').textContent = spanInWords(silence)
}

// What is open or has the focus is left alone; it is new again after the reader has left it.
const kept = () => [
  ...all('[id^="affirmation-"] details[open]').map((open) => open.closest('tr')),
  ...[document.activeElement?.closest('tr[id], li[id]')].filter((row) => row?.contains(document.activeElement)),
]

document.addEventListener('htmx:before:swap', () => {
  for (const row of kept()) row.setAttribute('hx-morph-skip', '')
})

document.addEventListener('htmx:after:swap', ({ detail }) => {
  for (const row of all('[hx-morph-skip]')) row.removeAttribute('hx-morph-skip')
  // An error page counts as silence: it is not swapped in, but htmx says "after swap" all the same.
  if (detail.ctx.request?.method !== 'GET' || !detail.ctx.response?.raw.ok) return
  heard = Date.now()
  ahead = drift()
  const { favicon } = document.getElementById('foot').dataset
  document.querySelector('link[rel="icon"]').href = `/assets/favicon-${favicon}.svg`
  tick()
})

// A mistake comes and goes beside the control that is being typed in; only the control itself is never swapped.
document.addEventListener('htmx:after:swap', () => {
  for (const wrong of all('#expectation-form .wrong')) {
    const control = document.getElementById(wrong.id.replace(/-error$/, ''))
    if (wrong.hidden) control.removeAttribute('aria-invalid')
    else control.setAttribute('aria-invalid', 'true')
  }
})

// A page in the background hears nothing (the stream is paused there: browsers have few) and asks now and then, for its title and icon;
// as soon as it is seen again it asks at once.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return
  heard = Math.max(heard, Date.now() - PATIENCE + 5_000)
  document.getElementById('live')?.dispatchEvent(new Event('news'))
})
