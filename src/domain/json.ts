/**
 * JSON kept as it was written: numbers longer than a double can hold (nanosecond times, big ids) would come back changed if they were parsed
 * and written again. These find the text of one member in a document that `JSON.parse` has accepted already.
 */

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

function skipSpace(text: string, from: number): number {
  let i = from
  while (isSpace(text.charCodeAt(i))) i++
  return i
}

/** The place after the string that starts at `from`. */
function skipString(text: string, from: number): number {
  let i = from + 1
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i + 1
}

/** The place after the value that starts at `from`. */
function skipValue(text: string, from: number): number {
  let i = from
  let depth = 0
  do {
    const c = text[i]
    if (c === '"') i = skipString(text, i)
    else {
      if (c === '{' || c === '[') depth++
      if (c === '}' || c === ']') depth--
      i++
    }
    if (depth === 0 && (c === '"' || c === '}' || c === ']')) return i
  } while (depth > 0 || !(i >= text.length || ',]}'.includes(text[i] ?? '') || isSpace(text.charCodeAt(i))))
  return i
}

/** The text of the member `name` of a JSON object; of two, the last, as `JSON.parse` takes it. Undefined when there is none. */
export function rawMember(object: string, name: string): string | undefined {
  let found: string | undefined
  let i = skipSpace(object, object.indexOf('{') + 1)
  while (i < object.length && object[i] !== '}') {
    const end = skipString(object, i)
    const key: unknown = JSON.parse(object.slice(i, end))
    const start = skipSpace(object, skipSpace(object, end) + 1)
    const stop = skipValue(object, start)
    if (key === name) found = object.slice(start, stop)
    i = skipSpace(object, stop)
    if (object[i] === ',') i = skipSpace(object, i + 1)
  }
  return found
}

const QUOTE = 34
const BACKSLASH = 92
const LETTER_U = 117

/** How long a document is at the least, white space and the length of escapes aside. Counts no further than just past `most`. */
export function plainLength(text: string, most: number): number {
  let length = 0
  let isInString = false
  for (let i = 0; i < text.length && length <= most; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) isInString = !isInString
    if (isInString && code === BACKSLASH) i += text.charCodeAt(i + 1) === LETTER_U ? 5 : 1
    if (isInString || !isSpace(code)) length++
  }
  return length
}

/** The place after what begins at `from` and holds neither white space nor a string. */
function skipPlain(text: string, from: number): number {
  let i = from
  while (i < text.length && text[i] !== '"' && !isSpace(text.charCodeAt(i))) i++
  return i
}

/** What stands outside of its strings. */
function outsideStrings(text: string): string {
  let outside = ''
  for (let i = 0; i < text.length; ) {
    const quote = text.indexOf('"', i)
    outside += quote < 0 ? text.slice(i) : text.slice(i, quote + 1)
    i = quote < 0 ? text.length : skipString(text, quote)
  }
  return outside
}

const DELICATE = /\d[\d.]{15}|\d[eE]|(?<!\d)-0/

/** Might a number in this document not survive being parsed and written again? Long digits, exponents and -0 may not; all else does. */
export const holdsDelicateNumbers = (text: string): boolean => DELICATE.test(text) && DELICATE.test(outsideStrings(text))

/** The same document without the white space around its parts: on one line. No pattern: it would run out of stack on megabytes of text. */
export function compact(text: string): string {
  let kept = ''
  for (let i = skipSpace(text, 0); i < text.length; ) {
    const stop = text[i] === '"' ? skipString(text, i) : skipPlain(text, i)
    kept += text.slice(i, stop)
    i = skipSpace(text, stop)
  }
  return kept
}

/** Deeper than this no value is kept: readers of the lists that hold it would run out of stack. */
export const MOST_LEVELS = 200

/** Do lists and objects in this value stand more than `levels` deep in each other? */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part))
}

/** A document on one line with all its digits, undefined when it is too deep. `value` is what `JSON.parse` made of it, `raw` its text; null when no number in it is delicate. */
export function keepJson(value: unknown, raw: (() => string | undefined) | null): string | undefined {
  if (isDeeperThan(MOST_LEVELS, value)) return undefined
  return raw === null ? JSON.stringify(value) : compact(raw() ?? 'null')
}
