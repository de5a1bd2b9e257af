import { pathToFileURL } from 'node:url'
import { inRoot } from '../root.ts'
import { type COMMON, targetOf } from './api.ts'
import type { Surroundings } from './verb.ts'

/** What became of an affirmation: see clients/js. */
export type Outcome = { state: 'accepted' | 'spooled' | 'held' | 'refused' | 'lost'; id: string | null; detail: string }
export type AffirmOptions = {
  status?: 'ok' | 'fail' | 'start' | 'log'
  id?: string | undefined
  at?: number | undefined
  /** The value is what somebody typed: a JSON document goes as that, with all its digits. */
  isTyped?: boolean
}
/** The JavaScript client. It never throws. */
export type Client = {
  affirm(event: string, value?: unknown, options?: AffirmOptions): Promise<Outcome>
  hurry(seconds: number): void
}

type ClientOptions = {
  env: string | undefined
  apiKey: string | undefined
  source: string | undefined
  batch: number
  warn: (text: string) => void
}
type ClientModule = { Affirmative: new (url: string | undefined, options: ClientOptions) => Client }

type Given = { [name in Exclude<keyof typeof COMMON, 'json'>]?: string | undefined } & { source?: string | undefined }

/** Where an affirmation goes, by options and settings. Throws `WrongUsage` where no server is named. */
export async function clientOf(given: Given, { env, err }: Surroundings): Promise<Client> {
  const { url, apiKey, env: environment } = targetOf(given, env)
  const { Affirmative } = (await import(pathToFileURL(inRoot('clients', 'js', 'affirmative.js')).href)) as ClientModule
  const warn = (text: string) => err.write(`affirmative: ${text}\n`)
  // Nothing more comes that it could be sent together with.
  return new Affirmative(url, { env: environment, apiKey, source: given.source ?? env.AFFIRMATIVE_SOURCE, batch: 0, warn })
}
