import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesByGit } from './git.ts'
import { anIgnore, type Ignore } from './ignore.ts'

const OWN = '.affirmativeignore'
/** Never of the tree itself. */
const NEVER = new Set(['.git', '.hg', '.svn'])
const USUALLY_NOT = new Set(['node_modules'])

function ignoreIn(folder: string, names: readonly string[]): Ignore | null {
  const texts = names.flatMap((name) => {
    try {
      return [readFileSync(join(folder, name), 'utf8')]
    } catch {
      return []
    }
  })
  return texts.length === 0 ? null : anIgnore(texts.join('\n'))
}

/** A folder that may not be read has no files for us. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** The ignore file of a folder asks about paths from there on. */
type Rule = { from: string; isLeftOut: Ignore }
const leavesOut = (rules: readonly Rule[], path: string, isFolder: boolean): boolean =>
  rules.some(({ from, isLeftOut }) => isLeftOut(path.slice(from.length), isFolder))

/** Plain files below `path`, depth first; links are not followed, so that nothing outside of the tree is read. */
function* walk(root: string, path: string, rules: readonly Rule[], isAll: boolean): Generator<string> {
  const own = isAll ? null : ignoreIn(join(root, path), ['.gitignore', OWN])
  const all = own === null ? rules : [...rules, { from: path, isLeftOut: own }]
  for (const entry of entriesOf(join(root, path)).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const here = `${path}${entry.name}`
    const isFolder = entry.isDirectory()
    if (NEVER.has(entry.name) || (!isAll && USUALLY_NOT.has(entry.name)) || leavesOut(all, here, isFolder)) continue
    if (isFolder) yield* walk(root, `${here}/`, all, isAll)
    else if (entry.isFile()) yield here
  }
}

/** Paths of the files to look into, relative to `dir`. `isAll`: what is ignored, too. */
export async function* filesIn(dir: string, isAll: boolean): AsyncGenerator<string> {
  const known = isAll ? null : await filesByGit(dir)
  if (known === null) return yield* walk(dir, '', [], isAll)
  const isLeftOut = ignoreIn(dir, [OWN]) ?? (() => false)
  for (const path of known) {
    const parts = path.split('/')
    if (!parts.some((part) => NEVER.has(part) || USUALLY_NOT.has(part)) && !isLeftOut(path, false)) yield path
  }
}
