// Keys for those who would rather not reach for the mouse. Off while one types, and altogether when the reader says so (WCAG 2.1.4).

const SWITCH = 'shortcuts'
const PAGES = { b: '/', s: '/sign-off', i: '/incidents', e: '/events' }
const ROWS = 'tbody tr[id], li[id], article[id]'

const isOff = () => localStorage.getItem(SWITCH) === 'off'
const isSeen = (element) => element.checkVisibility?.() ?? true
const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.querySelector('a') && isSeen(row))
const rowInFocus = () => document.activeElement?.closest(ROWS)
const isTyping = ({ target }) => target.matches('input:not([type=checkbox]), select, textarea, [contenteditable]')

/** Goes only where the page leads, too: what does not exist for who looks has no key. */
const goTo = (path) => document.querySelector(`#nav a[href="${path}"]`)?.click()

// Focus is on the link of the row, so that Enter opens it as ever.
function step(by) {
  const all = rows()
  const here = all.indexOf(rowInFocus())
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by]
  next?.querySelector('a.name, a').focus()
  next?.scrollIntoView({ block: 'nearest' })
}

const signOff = () => (rowInFocus() ?? document.getElementById('main')).querySelector('.btn.sign')?.click()

function wall() {
  const address = new URL(location.href)
  const { searchParams } = address
  if (document.body.classList.contains('wall')) searchParams.delete('wall')
  else if (location.pathname !== '/') return location.assign('/?wall')
  else searchParams.set('wall', '1')
  return location.assign(address)
}

const DOES = {
  '/': () => document.querySelector('input[type=search]')?.focus(),
  '?': () => void showKeys(),
  j: () => step(1),
  k: () => step(-1),
  c: () => rowInFocus()?.querySelector('[data-copy]')?.click(),
  s: signOff,
  w: wall,
}

let isGoing = false

function pressed(press) {
  const does = isGoing ? PAGES[press.key] && (() => goTo(PAGES[press.key])) : DOES[press.key]
  isGoing = !isGoing && press.key === 'g'
  if (isGoing) setTimeout(() => (isGoing = false), 1_500)
  if (!does) return
  press.preventDefault()
  does()
}

document.addEventListener('keydown', (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return
  if (press.key === 'Escape' && document.body.classList.contains('wall')) return wall()
  if (isOff() || isTyping(press) || document.querySelector('dialog[open]')) return
  pressed(press)
})

// The help sheet: a piece of the page /shortcuts, fetched when it is asked for

async function showKeys() {
  const answer = await fetch('/shortcuts')
  if (!answer.ok || document.querySelector('dialog')) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-label', 'Keyboard shortcuts')
  const close = Object.assign(document.createElement('button'), { className: 'btn', textContent: 'Close', autofocus: true })
  close.addEventListener('click', () => dialog.close())
  dialog.append(page.getElementById('shortcuts'), close)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  showSwitch()
  dialog.showModal()
}

function showSwitch() {
  const box = document.getElementById('has-shortcuts')
  if (box) box.checked = !isOff()
}

document.addEventListener('change', ({ target }) => {
  if (target.id === 'has-shortcuts') localStorage.setItem(SWITCH, target.checked ? 'on' : 'off')
})
showSwitch()
