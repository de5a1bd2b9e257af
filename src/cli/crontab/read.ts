import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Surroundings, WrongUsage } from '../verb.ts'
import { type Form, formOf } from './lines.ts'

/** More than any crontab that cron takes: 10,000 lines. */
const LONGEST = 4 * 1024 * 1024

async function allOf(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of input) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The crontab, one character a byte. Throws `WrongUsage`. */
export async function textOf(file: string, { input }: Surroundings): Promise<string> {
  const bytes = await (file === '-' ? allOf(input()) : readFile(file)).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`${file} cannot be read: ${error.code ?? error.message}.`, { cause: error })
  })
  if (bytes.length > LONGEST) throw new WrongUsage(`${file} is longer than 4 MiB: that is no crontab.`)
  if (bytes.includes(0)) throw new WrongUsage(`${file} holds a NUL: that is no crontab.`)
  return bytes.toString('latin1')
}

function usersHere(): ReadonlySet<string> {
  try {
    return new Set(
      readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .map((line) => line.slice(0, line.indexOf(':'))),
    )
  } catch {
    // A system without that file tells nobody's name; root is known without it.
    return new Set()
  }
}

/** As it is said, else by where the file is, else guessed. */
export const formFor = (file: string, text: string, isSystem: boolean): Form =>
  isSystem || /^\/etc\/(crontab$|cron\.d\/)/.test(file) ? 'system' : formOf(text, usersHere())
