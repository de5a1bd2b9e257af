import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { systemClock } from '../clock.ts'
import { anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import { affirmationIn, type Declared, HEADER, KINDS, type Kind } from './archive.ts'
import { aBar } from './bar.ts'
import { anImporting, type Done, type Importing } from './importing.ts'
import { LineTooLong, linesIn } from './lines.ts'
import { jsonText } from './table.ts'
import { argumentsOf, EXIT, type Verb, WrongUsage, wordsOf } from './verb.ts'

const MOST_REASONS = 10

function parsed(line: string, at: number): Declared {
  try {
    const read: unknown = JSON.parse(line)
    if (typeof read === 'object' && read !== null) return read as Declared
  } catch (error) {
    throw new WrongUsage(`Line ${at} is no JSON: the file was cut off or changed.`, { cause: error })
  }
  throw new WrongUsage(`Line ${at} is no JSON object.`)
}

function checkHeader(line: Declared): void {
  if (line.kind !== HEADER.kind || line.format !== HEADER.format) throw new WrongUsage('This is no export of affirmative.')
  if (line.version !== HEADER.version)
    throw new WrongUsage(`The export has version ${line.version}; this program reads ${HEADER.version}.`)
}

const isKind = (kind: unknown): kind is Exclude<Kind, 'affirmation'> => (KINDS as readonly unknown[]).includes(kind)

async function take(importing: Importing, line: string, at: number): Promise<void> {
  const affirmation = affirmationIn(line)
  if (affirmation !== null && at > 1) return importing.affirmation(affirmation)
  const read = parsed(line, at)
  if (at === 1) return checkHeader(read)
  if (!isKind(read.kind)) throw new WrongUsage(`Line ${at} is of no kind that this program knows.`)
  await importing.declared(read.kind, declaredIn(read, read.kind, at))
}

function declaredIn(line: Declared, kind: string, at: number): Declared {
  const declared = line[kind]
  if (typeof declared === 'object' && declared !== null) return declared as Declared
  throw new WrongUsage(`Line ${at} says that it is of the kind ${kind}, and holds none.`)
}

async function takeAll(
  importing: Importing,
  lines: AsyncIterable<string>,
  tell: (line: string, at: number) => void,
): Promise<void> {
  let at = 0
  try {
    for await (const line of lines) {
      at += 1
      tell(line, at)
      await take(importing, line, at)
    }
  } catch (error) {
    if (error instanceof LineTooLong)
      throw new WrongUsage(`Line ${at + 1} is longer than 1 MiB: this is no export.`, { cause: error })
    throw error
  }
}

/** Bytes; null where nobody knows before the end. Throws `WrongUsage`. */
async function sizeOf(file: string): Promise<number | null> {
  if (file === '-') return null
  const found = await stat(file).catch(() => null)
  if (found === null) throw new WrongUsage(`There is no file ${file}.`)
  return found.size
}

/** "events: 3 made, 1 there already". */
function wordsOfDone(done: Done): string {
  const lines = Object.entries(done.kinds).map(([kind, { made, there, refused, left }]) => {
    const parts = [`${made} made`, `${there} there already`]
    if (left > 0) parts.push(`${left} taken back there, left out`)
    if (refused > 0) parts.push(`${refused} refused`)
    return `${kind}: ${parts.join(', ')}`
  })
  const reasons = Object.entries(done.reasons).map(([reason, count]) => `  ${count} × ${reason}`)
  const more = reasons.length > MOST_REASONS ? [`  and ${reasons.length - MOST_REASONS} reasons more`] : []
  return [...lines, ...reasons.slice(0, MOST_REASONS), ...more].join('\n') || 'Nothing to import.'
}

export const importVerb: Verb = {
  name: 'import',
  summary: 'read what export wrote into a server; again to go on',
  help: `affirmative import FILE|-

Reads what "affirmative export" wrote, in its order, into a server. What is
there already stays as it is, so that the same file can be given again: to go on
where it was broken off, or after what was refused has been mended. - reads
standard input.

Not all can be taken, and what is not is counted with the server's words:
  channels whose secrets an export does not hold: make them by hand, then again
  affirmations older than the server takes (AFFIRMATIVE_ACCEPT_OLD)
  affirmations by people ("user:…"), where people have to sign in
Affirmations that were taken back are left out.

${COMMON_HELP}

  affirmative import all.ndjson --url http://other:5123

--json: {"kinds": {"event": {"made", "there", "refused", "left"}}, "reasons"}.

Exit status: 0 done, 1 some of it was refused, 2 not understood, 3 the server
cannot be asked.
`,
  run: async (args, { env, out, err, input }) => {
    const { values: given, positionals } = argumentsOf(args, COMMON)
    const [file = ''] = wordsOf(positionals, ['The file, or -,'])
    const importing = anImporting(anApi(targetOf(given, env)))
    const [all, bar] = [await sizeOf(file), aBar(err, systemClock.elapsed)]
    let bytes = 0
    await takeAll(importing, linesIn(file === '-' ? input() : createReadStream(file)), (line, at) => {
      bytes += Buffer.byteLength(line) + 1
      bar.tell(bytes, all, `line ${at}`)
    })
    const done = await importing.end()
    if (given.json === true) out.write(jsonText(done))
    else bar.end(wordsOfDone(done))
    return Object.values(done.kinds).some(({ refused }) => refused > 0) ? EXIT.refused : EXIT.done
  },
}
