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
  // In pieces until the line ends: adding to one text again and again would take the square of its length.
  let begun: string[] = []
  return {
    push: (text) => {
      const [first = '', ...more] = text.split('\n')
      begun.push(first)
      if (more.length === 0) return []
      const lines = [begun.join(''), ...more]
      begun = [lines.pop() ?? '']
      return lines.filter((line) => !isBlank(line))
    },
    end: () => {
      const line = begun.join('')
      return isBlank(line) ? [] : [line]
    },
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
  let begun: string[] = []
  let depth = 0
  let isInText = false
  let isEscaped = false
  let isClosed = false
  let isAfterComma = false

  /** The element that ends here, undefined where there is none. */
  const cut = (end: string, isLast: boolean): string | undefined => {
    const element = begun.join('') + end
    begun = []
    if (isBlank(element) && (isAfterComma || !isLast)) throw noJson('an element is missing beside a comma')
    isAfterComma = true
    return isBlank(element) ? undefined : element
  }

  const stepInText = (code: number): void => {
    if (isEscaped) isEscaped = false
    else if (code === BACKSLASH) isEscaped = true
    else if (code === QUOTE) isInText = false
  }

  /** Is this the end of an element? */
  const step = (code: number): boolean => {
    if (code === QUOTE) isInText = true
    else if (isOpening(code)) depth += 1
    else if (isClosing(code)) {
      depth -= 1
      isClosed = depth === 0
      return isClosed
    }
    return code === COMMA && depth === 1
  }

  return {
    push: (text) => {
      const found: string[] = []
      let start = depth === 0 && !isClosed ? text.indexOf('[') + 1 : 0
      let place = start
      if (start > 0) depth = 1
      for (; place < text.length && !isClosed; place++) {
        const code = text.charCodeAt(place)
        if (isInText) stepInText(code)
        else if (step(code)) {
          const element = cut(text.slice(start, place), isClosed)
          if (element !== undefined) found.push(element)
          start = place + 1
        }
      }
      if (!isClosed) begun.push(text.slice(start))
      else if (!isBlank(text.slice(place))) throw noJson('something follows after the end of the list')
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
