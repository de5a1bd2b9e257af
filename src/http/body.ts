import type { Context } from 'hono'
import { Fault } from '../domain/fault.ts'

const tooLarge = (limit: number): Fault =>
  new Fault(
    'too-large',
    `The body is larger than ${limit % 1_048_576 === 0 ? `${limit / 1_048_576} MiB` : `${limit / 1_024} KiB`}, the most that is taken. Nothing of it was stored.`,
  )

/** Whoever sent it is gone: no trouble of ours or of the database, though its code looks like one (ECONNRESET). */
function brokenOff(error: unknown): never {
  throw error instanceof Fault ? error : new Fault('invalid', 'The body broke off before its end. Nothing of it was stored.')
}

function checkHead(c: Context, limit: number): void {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity')
    throw new Fault('unsupported', `content-encoding ${encoding} is not understood; send the body as it is.`)
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit)
}

/** The request's body piece by piece, at most `limit` bytes in all. Throws a fault when it is longer or breaks off. */
export async function* readPieces(c: Context, limit: number): AsyncGenerator<Uint8Array> {
  checkHead(c, limit)
  const { body } = c.req.raw
  if (body === null) return
  let size = 0
  try {
    for await (const piece of body as ReadableStream<Uint8Array>) {
      size += piece.byteLength
      if (size > limit) throw tooLarge(limit)
      yield piece
    }
  } catch (error) {
    brokenOff(error)
  }
}

/** The request's body, at most `limit` bytes; what is longer is refused before it is held in memory. */
export async function readBytes(c: Context, limit: number): Promise<Uint8Array> {
  checkHead(c, limit)
  const length = c.req.header('content-length')
  if (length === '0') return new Uint8Array()
  if (length !== undefined) return new Uint8Array(await c.req.arrayBuffer().catch(brokenOff))
  const pieces: Uint8Array[] = []
  for await (const piece of readPieces(c, limit)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Text of the pieces of a body, in order, a byte order mark aside; what is not UTF-8, or holds NUL (which no store keeps), is refused. `undefined` ends it. */
export function aTextReader(): (bytes: Uint8Array | undefined) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return (bytes) => plainText(() => decoder.decode(bytes, { stream: bytes !== undefined }))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of a whole body, with the same care. */
export const textOf = (bytes: Uint8Array): string => plainText(() => decoder.decode(bytes))

function plainText(decode: () => string): string {
  let text: string
  try {
    text = decode()
  } catch {
    throw new Fault('invalid', 'The body is not UTF-8 text. Send UTF-8, or encode binary data, as base64 for example.')
  }
  if (text.includes('\0'))
    throw new Fault(
      'invalid',
      'The body holds a NUL byte, which cannot be kept. Send text, or encode binary data, as base64 for example.',
    )
  return text
}

export type MediaType = { type: string; charset: string | null }

/** The content type without its parameters, in lower case; an empty string when there is none. */
export function mediaType(header: string | undefined): MediaType {
  const [type = '', ...parameters] = (header ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length)
  return { type, charset: charset?.replaceAll('"', '') ?? null }
}

export const isJson = ({ type }: MediaType): boolean =>
  type === 'application/json' || /^application\/[a-z0-9.-]+\+json$/.test(type)

/** A JSON document, or a fault that says where it breaks off. */
export function parseJson(text: string, what = 'The body'): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Fault('invalid', `${what} is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`)
  }
}

const MOST_JSON = 1_048_576

/** The JSON body of a declaring request, at most `limit` bytes. Anything but `application/json` is refused: a form of a foreign page cannot send it. */
export async function readJson(c: Context, limit = MOST_JSON): Promise<unknown> {
  const type = mediaType(c.req.header('content-type'))
  if (!isJson(type) || (type.charset !== null && type.charset !== 'utf-8'))
    throw new Fault(
      'unsupported',
      `The content type ${type.type || '(none)'} is not understood here. Send JSON and say so: content-type: application/json`,
    )
  return parseJson(textOf(await readBytes(c, limit)))
}

const LARGEST_FORM = 64 * 1024

/** Reads an urlencoded form, where a field may come several times. */
export async function readFields(c: Context): Promise<URLSearchParams> {
  const { type } = mediaType(c.req.header('content-type'))
  if (type !== 'application/x-www-form-urlencoded' && type !== '')
    throw new Fault(
      'unsupported',
      `The content type ${type} is not understood here; a form is sent as application/x-www-form-urlencoded.`,
    )
  return new URLSearchParams(textOf(await readBytes(c, LARGEST_FORM)))
}
