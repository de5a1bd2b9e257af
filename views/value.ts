const LONGEST_SHOWN = 4_000
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

const opens = (token: string | undefined): boolean => token === '{' || token === '['
const closes = (token: string | undefined): boolean => token === '}' || token === ']'

/** JSON text indented without being parsed and written again: long numbers keep all their digits. */
export function indented(json: string): string {
  const tokens = json.match(TOKEN) ?? []
  let text = ''
  let depth = 0
  const line = () => `\n${'  '.repeat(depth)}`
  for (const [i, token] of tokens.entries()) {
    if (opens(token)) depth++
    if (closes(token)) depth--
    const isEmpty = closes(token) && opens(tokens[i - 1])
    text += closes(token) && !isEmpty ? line() + token : token
    if (token === ':') text += ' '
    if (token === ',' || (opens(token) && !closes(tokens[i + 1]))) text += line()
  }
  return text
}

/** How a value (JSON text) reads: a text without its quotes, other things indented; cut where it would swamp the page. */
export function valueInWords(json: string): { text: string; cut: number } {
  const text = json.startsWith('"') ? String(JSON.parse(json)) : indented(json)
  return { text: text.slice(0, LONGEST_SHOWN), cut: Math.max(0, text.length - LONGEST_SHOWN) }
}
