import { randomBytes } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../domain/fault.ts'
import { KEY_BYTES } from './secret-box.ts'

/** Where the key that seals secrets comes from: it is given, kept in a file that is made when it is first needed, or there is none. */
export type KeySource = { kind: 'given'; key: Buffer } | { kind: 'file'; path: string } | { kind: 'none' }

/** `ours` is there or made; `known` only looked for. Both throw a fault that says what to do. */
export type ServerKey = { ours(): Promise<Buffer>; known(): Promise<Buffer> }

/** 32 bytes as 64 hexadecimal digits or in base64, of either alphabet; undefined: something else. */
export function readKey(text: string): Buffer | undefined {
  if (/^[\da-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  const key = /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined
  return key?.length === KEY_BYTES ? key : undefined
}

const NONE =
  'There is no key to seal secrets with. Set AFFIRMATIVE_SECRET_KEY to 32 bytes in base64 (openssl rand -base64 32), the same on every node, or write env:NAME or file:NAME instead of the secret.'

/** Read once; a file that is missing is looked for again. */
export function aServerKey(source: KeySource): ServerKey {
  let read: Buffer | null = null
  const known = async () => {
    read ??= await keyOf(source)
    if (read !== null) return read
    const said =
      source.kind === 'file' ? `The key that seals secrets is not there: ${source.path}. Put it back where it was.` : NONE
    throw new Fault('unavailable', said)
  }
  const ours = async () => {
    if (source.kind === 'none') throw new Fault('invalid', NONE)
    if (source.kind === 'file' && read === null) await makeOnce(source.path)
    return known()
  }
  return { ours, known }
}

async function keyOf(source: KeySource): Promise<Buffer | null> {
  if (source.kind !== 'file') return source.kind === 'given' ? source.key : null
  const text = await readFile(source.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Fault('unavailable', `The key that seals secrets cannot be read: ${source.path} (${error.code}).`)
  })
  if (text === null) return null
  const key = readKey(text.trim())
  if (key !== undefined) return key
  throw new Fault('unavailable', `${source.path} holds no key: it should be 32 bytes in base64. Put back the one that was there.`)
}

/** Whole or not at all, and never in place of another: the file gets its name when all of it is on the disk. */
async function makeOnce(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await written(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
    await link(draft, path)
    // Before anything is sealed with it: a secret that outlived its key in a power cut would be lost.
    await synced(dirname(path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw new Fault('unavailable', `The key that seals secrets cannot be kept: ${path} (${code}).`)
  } finally {
    await rm(draft, { force: true })
  }
}

async function written(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}
