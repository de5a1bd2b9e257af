// The client of affirmative for JavaScript: Node.js from 18 on, Deno, Bun and browsers. One file, no dependencies; README.md says how to use it.
// What it is given is kept before it is sent, sent again with the same id until it is taken, and never becomes an error of its caller.

const LARGEST_VALUE = 65_536
const CUT_AT = 60_000
/** Of one request; proxies commonly refuse more than 1 MB. */
const LARGEST_BODY = 900_000
const MOST_AT_ONCE = 500
const MOST_WAITING = 10_000
/** What a browser sends for a page that is gone: 64 KiB in all, with some left for the headers. */
const LARGEST_FAREWELL = 60_000
/** A lock that is older belongs to nobody any more; nobody keeps one for longer than the other. */
const STALE = 60_000
const LONGEST_DELIVERY = 50_000
/** Deeper documents the server does not take as such. */
const DEEPEST = 200
/** Of an answer so much is read: of one to several, as it lists what is rejected, and of any other. */
const LONGEST_TALLY = 1_048_576
const LONGEST_WORDS = 65_536
const PAUSES = [200, 500, 1_000]
const AGAIN = new Set([408, 425, 429])
const NEVER = new Set([400, 413, 415, 422])

const bytesOf = (text) => new TextEncoder().encode(text)
const sizeOf = (text) => bytesOf(text).byteLength
/** Modules that only some platforms have: named late, so that neither a browser nor a bundler asks for them. */
const nodeModule = (name) => import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`)
const hasFiles = () => typeof globalThis.process?.versions?.node === 'string'
const reasonOf = (error) => wordsFor(error?.cause?.code ?? error?.cause?.message ?? error?.message ?? error)

/** Anything can be thrown, even what has no words. */
function wordsFor(thing) {
  try {
    return String(thing)
  } catch {
    return 'something without words'
  }
}

// ---- What is sent

function base64Of(bytes) {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The text in these bytes; null where they hold none. */
function textIn(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

/** Of what JSON does not know as much is kept as can be said. */
function plainly(_name, value) {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Error) return { error: wordsFor(value) }
  return value
}

function jsonOf(value) {
  try {
    return JSON.stringify(value, plainly) ?? JSON.stringify(String(value))
  } catch (error) {
    return JSON.stringify(`(no JSON: ${reasonOf(error)})`)
  }
}

function depthOf(json) {
  let [depth, deepest] = [0, 0]
  for (const sign of json.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/[[\]{}]/g) ?? []) {
    depth += sign === '[' || sign === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** The beginning of a text, at most so many bytes in UTF-8, and no half of a character. */
const beginning = (text, bytes) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(text).subarray(0, bytes)).replace(/\uFFFD+$/, '')

/** As much of the beginning as fits: escapes make a text longer. */
function cutTo(make) {
  for (let bytes = CUT_AT; ; bytes = Math.floor(bytes * 0.8)) {
    const json = JSON.stringify(make(bytes))
    if (sizeOf(json) <= LARGEST_VALUE) return json
  }
}

function bytesAsJson(bytes, isTyped) {
  const text = textIn(bytes)
  if (text !== null) return valueAsJson(text, isTyped)
  const whole = bytes.byteLength <= CUT_AT ? JSON.stringify({ base64: base64Of(bytes) }) : ''
  if (whole !== '' && whole.length <= LARGEST_VALUE) return whole
  return cutTo((most) => ({ cut: true, base64: base64Of(bytes.subarray(0, most)) }))
}

/** A text that is a JSON document as that document, with all its digits and on one line; undefined for any other. */
const documentIn = (text) => (parsed(text) === null && text.trim() !== 'null' ? undefined : text.trim().replace(/[\r\n]/g, ' '))

/** A value as the JSON text that is sent; undefined for none. Larger ones lose their end and say so; none is refused. */
function valueAsJson(value, isTyped = false) {
  if (value === undefined) return undefined
  if (value instanceof ArrayBuffer) return bytesAsJson(new Uint8Array(value), isTyped)
  if (ArrayBuffer.isView(value)) return bytesAsJson(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), isTyped)
  if (typeof value === 'string' && value.includes('\0')) return bytesAsJson(bytesOf(value))
  const json = (isTyped && typeof value === 'string' ? documentIn(value) : undefined) ?? jsonOf(value)
  const isSmall = sizeOf(json) <= LARGEST_VALUE
  if (isSmall && depthOf(json) <= DEEPEST) return json
  const text = typeof value === 'string' ? value : json
  if (isSmall && sizeOf(JSON.stringify(text)) <= LARGEST_VALUE) return JSON.stringify(text)
  return cutTo((most) => ({ cut: true, text: beginning(text, most) }))
}

function randomId(crypto) {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const millisOf = (at) => (at instanceof Date ? at.getTime() : at)

/** One line of JSON. The value is put in as the text that it is: what was cut to fit must not be written anew. */
function lineOf({ value, ...rest }) {
  const head = JSON.stringify(rest)
  return value === undefined ? head : `${head.slice(0, -1)},"value":${value}}`
}

// ---- What waits on disk, in the form that all clients share

async function aSpool(folder, { now, random, warn }) {
  const [fs, path] = await Promise.all([nodeModule('fs/promises'), nodeModule('path')])
  const inFolder = (...names) => path.join(folder, ...names)
  const isWaiting = (name) => /^\d+-[\w-]+\.json$/.test(name)
  const write = (name, text) => fs.writeFile(name, text, { mode: 0o600 })
  const gone = () => undefined
  /** What cannot be read or put aside stays so for as long as this program runs: each delivery would meet it anew. */
  const passedOver = new Set()
  const counted = { at: Number.NEGATIVE_INFINITY, count: 0 }

  function passOver(name, why) {
    if (passedOver.size === 0) warn(`${inFolder(name)} is passed over, as others may be: ${why}`)
    passedOver.add(name)
  }

  /** Who owns the folder could read what waits there, and take it away. */
  async function checkOwner() {
    const { uid } = await fs.stat(folder)
    if (uid !== (globalThis.process.geteuid?.() ?? uid)) throw new Error(`${folder} belongs to somebody else`)
  }

  async function names() {
    const all = (await fs.readdir(folder)).filter(isWaiting)
    return all.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  }

  /** Counting each time would cost more than writing does. */
  async function isFull() {
    if (now() - counted.at >= 1_000) {
      counted.at = now()
      counted.count = (await names()).length
    }
    counted.count += 1
    return counted.count > MOST_WAITING
  }

  /** The name of its file; null where there is no room. */
  async function keep(at, id, line) {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 })
    await checkOwner()
    if (await isFull()) {
      warn(`${MOST_WAITING} affirmations wait in ${folder} already: what comes now is sent, but not kept there`)
      return null
    }
    const name = `${at}-${/^[\w-]{1,64}$/.test(id) ? id : random()}.json`
    const unfinished = inFolder(`.${name}.${random()}`)
    await write(unfinished, `${line}\n`)
    await fs.rename(unfinished, inFolder(name))
    return name
  }

  async function refuse(name, why) {
    try {
      await fs.mkdir(inFolder('refused'), { recursive: true, mode: 0o700 })
      await fs.rename(inFolder(name), inFolder('refused', name))
    } catch (error) {
      return passOver(name, `it cannot be put aside (${reasonOf(error)})`)
    }
    await write(inFolder('refused', name.replace(/json$/, 'why')), `${why}\n`).catch(gone)
  }

  /** What others may have delivered meanwhile is no trouble. */
  const unlessGone = (name) => (error) => {
    if (error.code !== 'ENOENT') passOver(name, reasonOf(error))
    return []
  }

  /** Only a plain file: opening a pipe would wait for somebody who writes. */
  async function read(name) {
    if (!(await fs.lstat(inFolder(name))).isFile()) throw new Error('it is no plain file')
    const text = await fs.readFile(inFolder(name), 'utf8')
    // Several lines would move the index by which the server tells what it refuses.
    return [{ file: name, line: text.trim().replace(/[\r\n]+/g, ' ') || 'null' }]
  }

  async function oldest(except, most) {
    await checkOwner()
    const left = (await names()).filter((name) => !except.has(name) && !passedOver.has(name))
    const found = []
    while (found.length < most && left.length > 0) {
      const next = left.splice(0, most - found.length)
      found.push(...(await Promise.all(next.map((name) => read(name).catch(unlessGone(name))))).flat())
    }
    return found
  }

  /** Renamed first: of two who find it one has it, and neither removes a new one. */
  async function discard(lock) {
    const old = inFolder(`.lock.${random()}`)
    const isOurs = await fs.rename(lock, old).then(
      () => true,
      () => false,
    )
    if (isOurs) await fs.rm(old, { recursive: true, force: true }).catch(gone)
  }

  /** True when it is ours now. Who is killed with it leaves it behind. */
  async function takeLock() {
    const lock = inFolder('lock')
    const since = (await fs.stat(lock).catch(gone))?.mtimeMs
    // One of the future was made before a clock was set back: it would be waited for until then.
    if (since !== undefined && Math.abs(now() - since) > STALE) await discard(lock)
    return fs.mkdir(lock, { mode: 0o700 }).then(
      () => true,
      () => false,
    )
  }

  /** Only one at a time delivers what waits; whoever is second leaves it to the first. */
  async function alone(work) {
    if (!(await takeLock())) return
    try {
      await work(() => fs.utimes(inFolder('lock'), now() / 1_000, now() / 1_000).catch(gone))
    } finally {
      await fs.rmdir(inFolder('lock')).catch(gone)
    }
  }

  return { keep, refuse, oldest, alone, drop: (name) => fs.unlink(inFolder(name)).catch(unlessGone(name)) }
}

// ---- One request

/** Each one twice as long in the end, and no two clients at once. */
const pauseAfter = (tries) => (PAUSES[tries] ?? 1_000 * 2 ** (tries - 2)) * (0.8 + 0.4 * Math.random())

/** Milliseconds to wait as the answer says; null where it says nothing. */
function retryAfter(response, now) {
  const said = response.headers.get('retry-after')
  if (said === null) return null
  const wait = /^\d+$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - now
  return Number.isNaN(wait) ? null : Math.max(0, wait)
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The text of an answer, no more of it than is wanted: what does not end is not waited for. */
async function beginningOf({ body }, most) {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  while (reader !== undefined && size < most) {
    const { done, value } = await reader.read()
    if (done) return text
    size += value.byteLength
    text += decoder.decode(value, { stream: true })
  }
  reader?.cancel().catch(() => undefined)
  return text
}

/**
 * What was rejected, by index, in the answer to so many; null where it does not account for each of them. A page in between that asks somebody
 * to sign in says 200, too.
 */
function rejectedIn(text, count) {
  const { accepted, duplicates, rejected } = parsed(text) ?? {}
  if (!(Number.isSafeInteger(accepted) && Number.isSafeInteger(duplicates) && Array.isArray(rejected))) return null
  if (accepted + duplicates + rejected.length !== count) return null
  const isPlace = (one) => Number.isInteger(one?.index) && one.index >= 0 && one.index < count
  return rejected.every(isPlace) ? new Map(rejected.map(({ index, detail }) => [index, wordsFor(detail)])) : null
}

/** What the server said of it, in one line. */
async function wordsOf(response) {
  const text = await beginningOf(response, LONGEST_WORDS).catch(() => '')
  const said = /"detail":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text
  return `${response.status} ${said.replace(/\s+/g, ' ').slice(0, 300)}`.trim()
}

/**
 * What became of one request: `taken` (with what was rejected, by index), `again` (it may pass by itself), `later` (somebody has to mend a
 * setting) or `never`.
 */
async function answerOf(response, count, now) {
  if (response.ok) {
    const rejected = rejectedIn(await beginningOf(response, count === 1 ? LONGEST_WORDS : LONGEST_TALLY), count)
    if (rejected === null) return { kind: 'later', reason: `${response.status}, but not from affirmative` }
    return { kind: 'taken', rejected }
  }
  const { status } = response
  if (AGAIN.has(status) || status >= 500)
    return { kind: 'again', reason: await wordsOf(response), wait: retryAfter(response, now) }
  if (NEVER.has(status)) return { kind: 'never', reason: await wordsOf(response) }
  const isMoved = response.type === 'opaqueredirect' || (status >= 300 && status < 400)
  return { kind: 'later', reason: isMoved ? 'the address leads elsewhere, and a key must not travel' : await wordsOf(response) }
}

// ---- The client

const realClock = {
  now: () => Date.now(),
  after: (wait, act) => {
    const timer = setTimeout(act, wait)
    return { cancel: () => clearTimeout(timer), unref: () => timer.unref?.() }
  },
}

/** Deno asks, or refuses, when a program reads its environment. */
function environment() {
  try {
    return { ...globalThis.process?.env }
  } catch {
    return {}
  }
}

function settingsOf(url, options) {
  const env = environment()
  const given = (option, name) => option ?? (env[name] || undefined)
  const home = env.HOME || env.USERPROFILE
  const seconds = Number(given(options.timeout, 'AFFIRMATIVE_TIMEOUT') ?? 10)
  return {
    url: given(url, 'AFFIRMATIVE_URL')?.toString().replace(/\/+$/, '') ?? null,
    env: given(options.env, 'AFFIRMATIVE_ENV'),
    apiKey: given(options.apiKey, 'AFFIRMATIVE_API_KEY')?.trim(),
    source: given(options.source, 'AFFIRMATIVE_SOURCE'),
    spool: given(options.spool === false ? 'off' : options.spool, 'AFFIRMATIVE_SPOOL'),
    state: env.XDG_STATE_HOME || (home ? `${home}/.local/state` : undefined),
    timeout: seconds > 0 ? seconds * 1_000 : 10_000,
    batch: options.batch ?? 100,
    queue: options.queue ?? MOST_WAITING,
    clock: options.clock ?? realClock,
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    warn: options.warn ?? ((text) => console.warn(`affirmative: ${text}`)),
  }
}

/** Null for none. A folder that anybody could have made is no place for what waits. */
async function spoolOf({ spool, state, clock, warn }, random) {
  if (spool === 'off') return null
  if (spool === undefined && state === undefined) {
    warn('neither HOME nor XDG_STATE_HOME is set: there is no spool, and what cannot be sent is not kept')
    return null
  }
  return aSpool(spool ?? `${state}/affirmative/spool`, { now: clock.now, random, warn })
}

/** What the platform gives: random ids, the name of this host, and perhaps a folder to keep things in. */
async function platformOf(settings) {
  const { source } = settings
  if (!hasFiles()) {
    const random = () => randomId(globalThis.crypto)
    return { random, source: source ?? (globalThis.location?.host || undefined), spool: null }
  }
  const [os, { webcrypto }] = await Promise.all([nodeModule('os'), nodeModule('crypto')])
  const random = () => randomId(webcrypto)
  return { random, source: source ?? os.hostname(), spool: await spoolOf(settings, random) }
}

/** Clients with something to send, for the moment when the program or the page ends. */
const OPEN = new Set()

function watchTheEnd() {
  globalThis.process?.on?.('beforeExit', () => {
    for (const client of OPEN) void client.sendWhatIsLeft()
  })
  if (hasFiles() || typeof globalThis.addEventListener !== 'function') return
  const each = (act) => () => {
    for (const client of OPEN) act(client)
  }
  globalThis.addEventListener(
    'pagehide',
    each((client) => client.leave()),
  )
  globalThis.addEventListener(
    'online',
    each((client) => void client.flush()),
  )
  globalThis.document?.addEventListener('visibilitychange', () => {
    if (globalThis.document.visibilityState === 'hidden') for (const client of OPEN) void client.sendWhatIsLeft()
  })
}
watchTheEnd()

/** As many from the front as one request may hold. */
function takePiece(items) {
  let size = 0
  const end = items.findIndex(({ line }, index) => {
    size += line.length + 1
    return index === MOST_AT_ONCE || (index > 0 && size > LARGEST_BODY)
  })
  return items.splice(0, end === -1 ? items.length : end)
}

export class Affirmative {
  #settings
  #platform = null
  /** All that this program still has to answer for: being kept, to be sent, under way, or held because there is no file of it. */
  #items = new Set()
  #keeping = new Set()
  #pending = []
  #given = 0
  #timer = null
  #sending = null
  #catchingUp = null
  /** When all must be over, and how what is waited for is cut short then. */
  #end = Number.POSITIVE_INFINITY
  #cuts = new Set()

  constructor(url, options = {}) {
    this.#settings = settingsOf(url, options ?? {})
  }

  async affirm(event, value, options = {}) {
    try {
      const item = await this.#begin(event, value, options ?? {})
      return await item.outcome
    } catch (error) {
      this.#settings.warn(`"${wordsFor(event)}" is lost: ${reasonOf(error)}`)
      return { state: 'lost', id: null, detail: reasonOf(error) }
    }
  }

  async run(event, work, options = {}) {
    const { now } = this.#settings.clock
    const began = now()
    const start = this.#note(event, undefined, { ...options, status: 'start' })
    const seconds = () => (now() - began) / 1_000
    try {
      const result = await work()
      await start
      await this.#note(event, { seconds: seconds() }, { ...options, status: 'ok' })
      return result
    } catch (error) {
      await start
      await this.#note(event, { seconds: seconds(), error: wordsFor(error) }, { ...options, status: 'fail' })
      throw error
    }
  }

  async flush() {
    this.#pending.push(...[...this.#items].filter(({ isHeld }) => isHeld).map((item) => this.#anew(item)))
    await this.sendWhatIsLeft()
    this.#catchUp(this.#settings.clock.now() + this.#settings.timeout)
    await this.#catchingUp
  }

  hurry(seconds) {
    const cut = () => {
      if ([...this.#items].some(({ file }) => file === null)) return
      this.#end = this.#settings.clock.now()
      for (const each of this.#cuts) each()
    }
    this.#settings.clock.after(seconds * 1_000, cut).unref()
  }

  /** Sends what was given and not tried yet, without waiting for more. */
  async sendWhatIsLeft() {
    while (this.#keeping.size > 0 || this.#pending.length > 0 || this.#sending !== null) {
      await Promise.allSettled(this.#keeping)
      await this.#send()
    }
    await this.#catchingUp
  }

  /** The page goes: the browser sends for it what is still open. It stays open here: should the page come back, one id counts once. */
  leave() {
    const { url, apiKey } = this.#settings
    if (url === null) return
    const items = [...this.#items].filter(({ line }) => line !== null)
    if (apiKey === undefined) for (const item of items) this.#beacon(item)
    else this.#farewell(items)
  }

  /** Without a key: a text needs no leave (preflight) of the server, for which there is no time any more. */
  #beacon({ said }) {
    const { event, value, ...rest } = said
    const query = new URLSearchParams(Object.entries(rest).filter(([, one]) => one !== undefined))
    const text = value === undefined ? '' : typeof JSON.parse(value) === 'string' ? JSON.parse(value) : value
    const body = new Blob([text], { type: 'text/plain;charset=UTF-8' })
    globalThis.navigator?.sendBeacon?.(`${this.#settings.url}/affirm/${encodeURIComponent(event)}?${query}`, body)
  }

  /** A beacon can show no key. */
  #farewell(items) {
    let size = 0
    const fits = items.filter(({ line }) => {
      size += sizeOf(line) + 1
      return size <= LARGEST_FAREWELL
    })
    if (fits.length > 0) this.#request(fits).catch(() => undefined)
  }

  /** Resolves when it is kept: on disk where there is one. Its `outcome` resolves when it was sent. */
  async #begin(event, value, options) {
    const { clock, timeout, url, env, queue } = this.#settings
    const now = clock.now()
    const at = millisOf(options.at) ?? now
    this.#given += 1
    const item = { order: this.#given, line: null, said: null, file: null, isHeld: false, until: now + timeout }
    item.outcome = new Promise((resolve) => {
      item.settle = resolve
    })
    if (url === null) return this.#settle(item, 'lost', 'no server is known: give its address, or set AFFIRMATIVE_URL')
    const hasRoom = this.#items.size < queue
    if (hasRoom) this.#open(item)
    const kept = this.#fill(
      item,
      { event: wordsFor(event), env: options.env ?? env, status: options.status ?? 'ok', at },
      value,
      options,
    )
    this.#keeping.add(kept)
    try {
      await kept
    } catch (error) {
      this.#close(item)
      throw error
    } finally {
      this.#keeping.delete(kept)
    }
    if (!hasRoom) return this.#settle(item, 'waiting', `${queue} others are on their way already`)
    this.#pending.push(item)
    this.#schedule()
    return item
  }

  async #fill(item, said, value, options) {
    const { random, source, spool } = await this.#known()
    const id = String(options.id ?? random())
    item.said = { ...said, value: valueAsJson(value, options.isTyped === true), source: options.source ?? source, id }
    item.line = lineOf(item.said)
    if (spool === null) return
    try {
      const at = Number.isSafeInteger(said.at) && said.at >= 0 ? said.at : this.#settings.clock.now()
      item.file = await spool.keep(at, id, item.line)
    } catch (error) {
      this.#settings.warn(`nothing can be kept in the spool (${reasonOf(error)}): it is sent all the same`)
    }
  }

  /** It is kept and will be sent; that it was sent is not waited for. */
  async #note(event, value, options) {
    try {
      await this.#begin(event, value, { ...options, id: undefined })
    } catch (error) {
      this.#settings.warn(`"${wordsFor(event)}" is lost: ${reasonOf(error)}`)
    }
  }

  #known() {
    this.#platform ??= platformOf(this.#settings)
    return this.#platform
  }

  #open(item) {
    this.#items.add(item)
    OPEN.add(this)
  }

  #close(item) {
    this.#items.delete(item)
    if (this.#items.size === 0) OPEN.delete(this)
  }

  #anew(item) {
    item.isHeld = false
    item.until = this.#settings.clock.now() + this.#settings.timeout
    return item
  }

  /** What is said within a moment goes together. The program may end before: then all of it goes at once. */
  #schedule() {
    if (this.#timer !== null) return
    this.#timer = this.#settings.clock.after(this.#settings.batch, () => void this.#send())
    this.#timer.unref()
  }

  #send() {
    this.#timer?.cancel()
    this.#timer = null
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null
    })
    return this.#sending
  }

  async #sendAll() {
    while (this.#pending.length > 0) {
      // Files are written at once, and are ready in any order.
      this.#pending.sort((a, b) => a.order - b.order)
      const items = takePiece(this.#pending)
      const { until } = items[0]
      if (await this.#deliver(items, until)) this.#catchUp(until)
    }
  }

  /** What waits from before, beside what is said now, and within the rest of its time. */
  #catchUp(until) {
    this.#catchingUp ??= this.#deliverWaiting(Math.min(until, this.#settings.clock.now() + LONGEST_DELIVERY))
      .catch((error) => this.#settings.warn(`what waits in the spool cannot be delivered: ${reasonOf(error)}`))
      .finally(() => {
        this.#catchingUp = null
      })
  }

  async #deliverWaiting(until) {
    const held = [...this.#items].filter(({ isHeld }) => isHeld)
    while (held.length > 0) if (!(await this.#deliver(takePiece(held), until))) return
    const { spool } = await this.#known()
    if (spool === null) return
    const ours = () => new Set([...this.#items].map(({ file }) => file))
    if ((await spool.oldest(ours(), 1).catch(() => [])).length === 0) return
    await spool.alone(async (stillThere) => {
      for (;;) {
        const items = await spool.oldest(ours(), MOST_AT_ONCE)
        while (items.length > 0) {
          if (this.#timeUntil(until) <= 0 || !(await this.#deliver(takePiece(items), until))) return
          await stillThere()
        }
        if ((await spool.oldest(ours(), 1)).length === 0) return
      }
    })
  }

  /** Sends these until they are taken or the time is over. False where the server cannot be had now. */
  async #deliver(items, until) {
    const answer = await this.#tryUntil(items, until)
    if (answer.kind === 'never' && items.length > 1) {
      // One of them spoils the others, or they are too large together.
      const half = items.splice(0, Math.ceil(items.length / 2))
      const isFirstHad = await this.#deliver(half, until)
      return (await this.#deliver(items, until)) && isFirstHad
    }
    if (answer.kind === 'taken') await Promise.all(items.map((item, index) => this.#taken(item, answer.rejected.get(index))))
    else if (answer.kind === 'never') await this.#refused(items[0], answer.reason)
    else this.#later(items, answer.reason)
    return answer.kind === 'taken' || answer.kind === 'never'
  }

  #timeUntil(until) {
    return Math.min(until, this.#end) - this.#settings.clock.now()
  }

  async #tryUntil(items, until) {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#try(items, until)
      if (answer.kind !== 'again') return answer
      const pause = Math.max(answer.wait ?? 0, pauseAfter(tries))
      if (pause >= this.#timeUntil(until)) return answer
      await this.#pause(pause)
      if (this.#timeUntil(until) <= 0) return answer
    }
  }

  async #pause(duration) {
    let timer
    let over
    await new Promise((resolve) => {
      over = resolve
      this.#cuts.add(over)
      timer = this.#settings.clock.after(duration, over)
    })
    this.#cuts.delete(over)
    timer.cancel()
  }

  async #try(items, until) {
    const { clock } = this.#settings
    const wait = this.#timeUntil(until)
    if (wait <= 0) return { kind: 'again', reason: 'there was no time left', wait: 0 }
    const stop = new AbortController()
    const cut = () => stop.abort()
    const limit = clock.after(wait, cut)
    this.#cuts.add(cut)
    try {
      return await answerOf(await this.#request(items, stop.signal), items.length, clock.now())
    } catch (error) {
      const reason = stop.signal.aborted ? 'no answer in time' : reasonOf(error)
      return { kind: 'again', reason, wait: null }
    } finally {
      limit.cancel()
      this.#cuts.delete(cut)
    }
  }

  #request(items, signal) {
    const { url, apiKey, fetch } = this.#settings
    const isOne = items.length === 1
    const body = items.map(({ line }) => line).join('\n')
    return fetch(`${url}/api/v1/affirmations`, {
      method: 'POST',
      headers: {
        'content-type': isOne ? 'application/json' : 'application/x-ndjson',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body,
      redirect: 'manual',
      credentials: 'omit',
      // Outlives the page; browsers refuse it for large bodies.
      keepalive: !hasFiles() && sizeOf(body) <= LARGEST_FAREWELL,
      ...(signal === undefined ? {} : { signal }),
    })
  }

  async #taken(item, rejected) {
    if (rejected !== undefined) return this.#refused(item, rejected)
    const { spool } = await this.#known()
    if (item.file !== null) await spool.drop(item.file)
    return this.#settle(item, 'accepted', '')
  }

  async #refused(item, reason) {
    const { spool } = await this.#known()
    this.#settings.warn(`${item.said ? `"${item.said.event}"` : item.file} can never be taken: ${reason}`)
    if (item.file !== null) await spool.refuse(item.file, reason)
    return this.#settle(item, 'refused', reason)
  }

  #later(items, reason) {
    const own = items.filter(({ said }) => said)
    if (own.length > 0) {
      const what = own.length === 1 ? `"${own[0].said.event}" is` : `${own.length} affirmations are`
      const where = own.every(({ file }) => file !== null) ? 'kept in the spool' : 'kept in memory alone'
      this.#settings.warn(`${what} not sent yet, ${where}: ${reason}`)
    }
    for (const item of own) this.#settle(item, 'waiting', reason)
  }

  /** `waiting` is told by where it waits: in a file, or here, for as long as this program runs. */
  #settle(item, state, detail) {
    const isOpen = this.#items.has(item)
    if (state === 'waiting' && item.file === null && isOpen) item.isHeld = true
    else this.#close(item)
    const waits = item.file !== null ? 'spooled' : isOpen ? 'held' : 'lost'
    const told = state === 'waiting' ? waits : state
    if (told === 'lost') this.#settings.warn(`an affirmation is lost: ${detail}`)
    item.settle?.({ state: told, id: item.said?.id ?? null, detail })
    return item
  }
}
