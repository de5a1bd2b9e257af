import { invalid } from './fault.ts'

/** Cuts a document that comes in pieces into the texts of its parts. Throws a fault when it is none. */
export type Cutter = {
  push(text: string): string[]
  /** What is left when nothing more comes. */
  end(): string[]
}

const isBlank = (text: string): boolean => text.trim() === ''

/** One part a line; blank lines are none. */
export function aLineCutter(): Cutter {
  let rest = ''
  return {
    push: (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      return lines.filter((line) => !isBlank(line))
    },
    end: () => (isBlank(rest) ? [] : [rest]),
  }
}

const noJson = (detail: string) => invalid([{ path: '', detail: `The body is not JSON: ${detail}.` }])

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const isOpening = (code: number): boolean => code === 91 || code === 123
const isClosing = (code: number): boolean => code === 93 || code === 125

/** The elements of a JSON list, without what stands around them. Whether each of them is JSON is for the reader to see. */
export function anElementCutter(): Cutter {
  let rest = ''
  let place = 0
  let depth = 0
  let isInText = false
  let isClosed = false
  let start = 0
  let found: string[] = []
  let isAfterComma = false

  const cut = (isLast: boolean): void => {
    const element = rest.slice(start, place)
    if (!isBlank(element)) found.push(element)
    else if (isAfterComma || !isLast) throw noJson('an element is missing beside a comma')
    start = place + 1
    isAfterComma = true
  }

  const step = (code: number): void => {
    if (code === QUOTE) isInText = true
    else if (code === COMMA && depth === 1) cut(false)
    else if (isOpening(code)) {
      depth += 1
      if (depth === 1) start = place + 1
    } else if (isClosing(code)) {
      if (depth === 1) cut(true)
      depth -= 1
      isClosed = depth === 0
    }
  }

  const scan = (): void => {
    for (; place < rest.length && !isClosed; place++) {
      const code = rest.charCodeAt(place)
      if (!isInText) step(code)
      else if (code === BACKSLASH) place++
      else if (code === QUOTE) isInText = false
    }
    if (isClosed && !isBlank(rest.slice(place))) throw noJson('something follows after the end of the list')
  }

  return {
    push: (text) => {
      found = []
      rest += text
      scan()
      rest = rest.slice(isClosed ? place : start)
      place -= isClosed ? place : start
      start = 0
      return found
    },
    end: () => {
      if (!isClosed) throw noJson('the list breaks off before its end')
      return []
    },
  }
}

/** A JSON document: the elements of a list, or the whole of anything else. `isList` is known when the first letter has come. */
export function aDocumentCutter(): Cutter & { isList(): boolean } {
  const pieces: string[] = []
  let list: Cutter | undefined
  let isOther = false
  return {
    isList: () => list !== undefined,
    push: (text) => {
      const begun = isOther || list !== undefined ? '' : text.trimStart()
      if (begun.startsWith('[')) list = anElementCutter()
      else if (begun !== '') isOther = true
      if (list !== undefined) return list.push(text)
      pieces.push(text)
      return []
    },
    end: () => list?.end() ?? [pieces.join('')],
  }
}
