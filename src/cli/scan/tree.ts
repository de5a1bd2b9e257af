import { join } from 'node:path'
import { filesIn } from './files.ts'
import { findIn, mayHold } from './find.ts'
import type { Gathering } from './findings.ts'
import { aReader } from './read.ts'

/** How much was looked through, and what was left out. */
export type Looked = { files: number; bytes: number; binary: number; huge: number; unreadable: number }

/**
 * Looks through all files below `dir`, one after the other. Bytes are searched at about a gigabyte a second (measured); most of the time goes into
 * opening and reading files.
 */
export async function lookThrough(dir: string, isAll: boolean, gathering: Gathering): Promise<Looked> {
  const looked: Looked = { files: 0, bytes: 0, binary: 0, huge: 0, unreadable: 0 }
  const read = aReader()
  for await (const path of filesIn(dir, isAll)) {
    const bytes = read(join(dir, path))
    if (typeof bytes === 'string') {
      looked[bytes] += 1
      continue
    }
    looked.files += 1
    looked.bytes += bytes.length
    if (mayHold(bytes)) gathering.add(path, findIn(bytes.toString('latin1')))
  }
  return looked
}
