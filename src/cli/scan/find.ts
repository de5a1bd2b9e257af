/** A key or a literal name in a text. `line` and `column` begin with 1; the column counts bytes. */
export type Hit = { kind: 'key' | 'name'; text: string; line: number; column: number; near: Near | null }
/** What stands in the line of a key, and above and below it. */
export type Near = { above: string; same: string; below: string }

const KEY = /(?<![0-9A-Za-z_])af_[0-9A-Za-z]{8}(?![0-9A-Za-z_])/g
const NAME = '([A-Za-z0-9][A-Za-z0-9_.:-]{0,127})'
const QUOTED = `(["'\`])${NAME}\\1`
/** Options of the shell client before the name; those with a value first. */
const OPTIONS = '(?:--(?:env|source|id|at|value|timeout)(?:=|\\s+)[^\\s]{1,200}\\s+|--?[a-z][a-z-]{0,20}\\s+){0,6}'
/** Python and R may name what they pass. */
const ARGUMENT = '(?:event\\s*=\\s*)?'
const WORD = `(["']?)${NAME}\\1(?![\\w$({/*])`

/** Where a name stands in the text that calls a client; its group is the second one. */
const CALLS: readonly RegExp[] = [
  `\\baffirm(?:_one|One)?\\(\\s*${ARGUMENT}${QUOTED}`,
  // What comes first in R; where it is called otherwise, it may be a name that is no literal, and what follows a value.
  `\\baffirm(?:_fail|_start|_run)?\\(\\s*[\\w.]{0,80}client\\s*,\\s*${ARGUMENT}${QUOTED}`,
  `\\bwith_affirm\\(\\s*[\\w.$]{1,80}\\s*,\\s*${ARGUMENT}${QUOTED}`,
  `(?:\\.runs?|client\\.(?:fail|start))\\(\\s*${ARGUMENT}${QUOTED}`,
  `\\bdata-affirm\\s*=\\s*${WORD}`,
  `\\baffirm\\.sh["']?[ \\t]+(?:run[ \\t]+)?${OPTIONS}(?!run[ \\t])${WORD}`,
  `\\baffirmative[ \\t]+(?:affirm|run)[ \\t]+${OPTIONS}${WORD}`,
  `[ \\t]-m[ \\t]+affirmative[ \\t]+${OPTIONS}(?!run[ \\t])${WORD}`,
  // A form of the original, as curl is given it, or in an address.
  `(?:(?:-d|-F|--data(?:-\\w{1,20})?|--form)(?:[ \\t]+|=)?["']?(?:[^\\s"']{0,200}&)?|[?&])event_name=${WORD}`,
  `\\bshell_client\\.sh["']?[ \\t]+[^\\s]{1,200}[ \\t]+[^\\s]{1,80}[ \\t]+${WORD}`,
  `(?:https?:\\/\\/|\\$)[^\\s"'\`<>]{0,200}(["']?)\\/affirm\\/${NAME}(?![\\w$({*])`,
].map((source) => new RegExp(source, 'g'))

const LONGEST_LINE = 400

/** Line by line through a text whose places are asked for in rising order. */
function aLineCounter(text: string): (at: number) => { line: number; start: number } {
  let [line, start] = [1, 0]
  return (at) => {
    for (let next = text.indexOf('\n', start); next >= 0 && next < at; next = text.indexOf('\n', start)) {
      line += 1
      start = next + 1
    }
    return { line, start }
  }
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** The lines around, of a minified one as much as is near. */
function nearOf(text: string, at: number, start: number): Near {
  const end = endOfLine(text, at)
  const above = start === 0 ? '' : text.slice(text.lastIndexOf('\n', start - 2) + 1, start - 1)
  return {
    above: above.slice(0, LONGEST_LINE),
    same: text.slice(Math.max(start, at - LONGEST_LINE), Math.min(end, at + LONGEST_LINE)),
    below: end >= text.length ? '' : text.slice(end + 1, Math.min(endOfLine(text, end + 1), end + 1 + LONGEST_LINE)),
  }
}

type Found = { kind: Hit['kind']; text: string; at: number }

/** Names that are given to clients. */
export function* callsIn(text: string): Generator<Found> {
  for (const call of CALLS)
    for (const match of text.matchAll(call)) {
      // A sentence may end after a name.
      const name = (match[2] ?? '').replace(/[.:]+$/, '')
      if (!name.startsWith('af_') || !/^af_[0-9A-Za-z]{8}$/.test(name))
        yield { kind: 'name', text: name, at: match.index + match[0].lastIndexOf(name) }
    }
}

/** Could there be anything? Most files are done with this look at their bytes. */
export const mayHold = (bytes: Buffer): boolean =>
  bytes.includes('af_') || bytes.includes('ffirm') || bytes.includes('shell_client.sh')

/** All keys and literal names, in order. `text` is the file's bytes as latin1: both are ASCII, and columns are bytes. */
export function findIn(text: string): Hit[] {
  const found: Found[] = [...text.matchAll(KEY)].map((match) => ({ kind: 'key', text: match[0], at: match.index }))
  if (text.includes('ffirm') || text.includes('shell_client.sh')) found.push(...callsIn(text))
  const lineAt = aLineCounter(text)
  const seen = new Set<string>()
  const hits: Hit[] = []
  for (const { kind, text: what, at } of found.sort((a, b) => a.at - b.at)) {
    const { line, start } = lineAt(at)
    // A call that two patterns know is one.
    if (kind === 'name' && seen.has(`${line} ${what}`)) continue
    seen.add(`${line} ${what}`)
    hits.push({ kind, text: what, line, column: at - start + 1, near: kind === 'key' ? nearOf(text, at, start) : null })
  }
  return hits
}
