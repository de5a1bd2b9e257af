import type { Env } from '../config.ts'
import { webAddress } from '../config.values.ts'
import { type Duration, SECOND } from '../domain/time.ts'
import { LineTooLong, linesIn } from './lines.ts'
import { WrongUsage } from './verb.ts'

/** Options that every verb takes that asks a server. */
export const COMMON = {
  url: { type: 'string' },
  'api-key': { type: 'string' },
  env: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** The lines of a help that tell of {@link COMMON}. */
export const COMMON_HELP = `  --url, --api-key, --env   server, key and environment; else AFFIRMATIVE_URL,
                  AFFIRMATIVE_API_KEY and AFFIRMATIVE_ENV
  --json          for programs`

/** The server understood and said no, with its words. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** There is no server, or it cannot answer now. */
export class NotAsked extends Error {}

/** Which server is asked, as what, and about which environment (undefined: its default, or all of them). */
export type Target = { url: string; apiKey: string | undefined; env: string | undefined }
type Given = { url?: string | undefined; 'api-key'?: string | undefined; env?: string | undefined }

const said = (option: string | undefined, setting: string | undefined): string | undefined => {
  const text = (option ?? setting)?.trim()
  return text === '' ? undefined : text
}

/** From the options, else from the settings. Throws `WrongUsage` where no server is named. */
export function targetOf(given: Given, env: Env): Target {
  const text = said(given.url, env.AFFIRMATIVE_URL)
  if (text === undefined) throw new WrongUsage('Which server? Say --url http://HOST:PORT, or set AFFIRMATIVE_URL.')
  const url = webAddress(text)
  // It may hold a password, so it is not repeated.
  if (url === undefined) throw new WrongUsage('The address of the server must begin with http:// or https://.')
  return { url, apiKey: said(given['api-key'], env.AFFIRMATIVE_API_KEY), env: said(given.env, env.AFFIRMATIVE_ENV) }
}

type Query = Readonly<Record<string, string | number | undefined>>
export type Page<T> = { items: T[]; nextCursor?: string }

/** The server's API. Every call throws {@link Refused} or {@link NotAsked}. Paths begin behind `/api/v1`. */
export type Api = {
  get<T>(path: string, query?: Query): Promise<T>
  /** All items of a list, page by page. */
  all<T>(path: string, query?: Query): AsyncGenerator<T>
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, query?: Query): Promise<T>
  /** Affirmations, one a line. */
  sendLines<T>(path: string, lines: string): Promise<T>
  /** A list as the server streams it, one JSON text a line. */
  lines(path: string, query?: Query): AsyncGenerator<string>
}

const NDJSON = 'application/x-ndjson'
const PATIENCE: Duration = 30 * SECOND

const addressOf = (url: string, path: string, query: Query = {}): string => {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value))
  const text = asked.toString()
  return `${url}/api/v1${path}${text === '' ? '' : `?${text}`}`
}

const codeOf = (error: unknown): string => {
  const { cause, name } = error as { cause?: { code?: string; message?: string }; name?: string }
  if (name === 'TimeoutError' || cause?.code?.includes('TIMEOUT')) return 'it did not answer in time'
  return cause?.code ?? cause?.message ?? 'it cannot be reached'
}
const unreachable = (url: string, error: unknown): NotAsked =>
  new NotAsked(`The server ${new URL(url).origin} cannot be asked: ${codeOf(error)}.`, { cause: error })

const strange = (url: string, error: unknown): NotAsked =>
  new NotAsked(`What answers at ${new URL(url).origin} does not look like this program: is the address right?`, { cause: error })

/** No page of a thousand comes near. Whatever stands at a wrong address may answer without end. */
const LONGEST_ANSWER = 256 * 1_048_576
const LONGEST_WORDS = 65_536

/** As much of an answer as is wanted: what is longer is none of ours, and was not read to its end. */
async function textIn({ body }: Response, most: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    size += piece.byteLength
    if (size > most) return ''
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

/** What the server said, where it is one of ours. */
async function wordsIn(response: Response): Promise<string | null> {
  const problem: unknown = await textIn(response, LONGEST_WORDS)
    .then((text) => JSON.parse(text))
    .catch(() => null)
  const detail = (problem as { detail?: unknown } | null)?.detail
  return typeof detail === 'string' ? detail : null
}

const MAY_PASS = new Set([408, 425, 429])

async function troubleOf(response: Response, url: string): Promise<Error> {
  const { status } = response
  const words = await wordsIn(response)
  const { origin } = new URL(url)
  if (status >= 500 || MAY_PASS.has(status))
    return new NotAsked(`The server ${origin} cannot answer now (${status})${words === null ? '.' : `: ${words}`}`)
  if (words === null)
    return new NotAsked(`What answers at ${origin} (${status}) does not look like this program: is the address right?`)
  return new Refused(status, words)
}

async function* linesOf({ body }: Response, url: string): AsyncGenerator<string> {
  try {
    if (body !== null) yield* linesIn(body)
  } catch (error) {
    throw error instanceof LineTooLong ? strange(url, error) : unreachable(url, error)
  }
}

/** A client of the API at `target`. `patience`: how long one answer may take to begin. */
export function anApi({ url, apiKey }: Omit<Target, 'env'>, patience: Duration = PATIENCE): Api {
  const authorization: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const ask = async (
    path: string,
    query: Query | undefined,
    init: RequestInit & { headers?: Record<string, string> },
    isLong = false,
  ) => {
    const address = addressOf(url, path, query)
    const signal = isLong ? undefined : AbortSignal.timeout(patience)
    const headers = { ...authorization, ...init.headers }
    const response = await fetch(address, { ...init, headers, redirect: 'manual', signal: signal ?? null }).catch(
      (error: unknown) => {
        throw unreachable(url, error)
      },
    )
    if (!response.ok) throw await troubleOf(response, url)
    return response
  }
  const read = async <T>(response: Response): Promise<T> => {
    if (response.status === 204) return undefined as T
    const text = await textIn(response, LONGEST_ANSWER).catch((error: unknown) => {
      throw unreachable(url, error)
    })
    try {
      return JSON.parse(text) as T
    } catch (error) {
      throw strange(url, error)
    }
  }
  const get = async <T>(path: string, query?: Query): Promise<T> => read<T>(await ask(path, query, {}))

  return {
    get,
    async *all<T>(path: string, query: Query = {}) {
      for (let cursor: string | undefined; ; ) {
        const page: Page<T> = await get(path, { limit: 1_000, ...query, cursor })
        yield* page.items
        cursor = page.nextCursor
        if (cursor === undefined) return
      }
    },
    send: async <T>(method: string, path: string, body?: unknown, query?: Query) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      return read<T>(await ask(path, query, { method, ...sent }))
    },
    sendLines: async <T>(path: string, lines: string) =>
      read<T>(await ask(path, {}, { method: 'POST', body: lines, headers: { 'content-type': NDJSON } })),
    async *lines(path, query) {
      yield* linesOf(await ask(path, query, { headers: { accept: NDJSON } }, true), url)
    },
  }
}
