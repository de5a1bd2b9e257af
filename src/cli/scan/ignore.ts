/** One line of an ignore file, as gitignore(5) has them. */
type Pattern = { isNegated: boolean; isForFolders: boolean; matches: RegExp }
/** Is it left out? `path` is relative to where the file lies, with `/` between its parts. */
export type Ignore = (path: string, isFolder: boolean) => boolean

const escaped = (letter: string): string => letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** `**` is any number of folders, `*` and `?` stay in one, `[…]` is one of these. */
function expressionOf(glob: string): string {
  let text = ''
  for (let i = 0; i < glob.length; i += 1) {
    const rest = glob.slice(i)
    const set = /^\[!?[^\]/\\]+\]/.exec(rest)?.[0]
    if (rest.startsWith('**/')) {
      text += '(?:[^/]+/)*'
      i += 2
    } else if (rest === '**') {
      text += '.+'
      i += 1
    } else if (set !== undefined) {
      text += set.replace('[!', '[^')
      i += set.length - 1
    } else if (rest[0] === '*') text += '[^/]*'
    else if (rest[0] === '?') text += '[^/]'
    else if (rest[0] === '\\' && rest.length > 1) {
      text += escaped(rest[1] ?? '')
      i += 1
    } else text += escaped(rest[0] ?? '')
  }
  return text
}

/** Null for blank lines, comments, and what can be no pattern. */
function patternOf(line: string): Pattern | null {
  const text = line.replace(/(?<!\\)\s+$/, '')
  if (text === '' || text.startsWith('#')) return null
  const isNegated = text.startsWith('!')
  const glob = isNegated ? text.slice(1) : text
  const isForFolders = glob.endsWith('/')
  const bare = glob.replace(/\/$/, '').replace(/^\//, '')
  // One without a slash, but at its end, fits at any depth.
  const isAnchored = glob.replace(/\/$/, '').includes('/')
  try {
    return { isNegated, isForFolders, matches: new RegExp(`^${isAnchored ? '' : '(?:.+/)?'}${expressionOf(bare)}$`, 's') }
  } catch {
    return null
  }
}

/** What the text of an ignore file leaves out; the last line that fits decides. What is in a folder that is left out is left out. */
export function anIgnore(text: string): Ignore {
  const patterns = text.split(/\r?\n/).flatMap((line) => patternOf(line) ?? [])
  const isLeftOut = (path: string, isFolder: boolean): boolean =>
    patterns.findLast(({ isForFolders, matches }) => (isFolder || !isForFolders) && matches.test(path))?.isNegated === false
  return (path, isFolder) => {
    const folders = path.split('/').slice(0, -1)
    return folders.some((_, i) => isLeftOut(folders.slice(0, i + 1).join('/'), true)) || isLeftOut(path, isFolder)
  }
}
