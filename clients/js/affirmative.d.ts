/** `ok` counts, `fail` is a reported failure, `start` and `log` are kept and not counted. */
export type Status = 'ok' | 'fail' | 'start' | 'log'

/** What became of one affirmation. */
export type Outcome = {
  /**
   * - `accepted` – the server has it on disk.
   * - `spooled` – it waits in the spool folder; a later call of any client delivers it.
   * - `held` – it waits in memory, as long as this program or page runs.
   * - `refused` – the server can never take it, and said why in `detail`.
   * - `lost` – it was neither sent nor kept; `detail` says why.
   */
  state: 'accepted' | 'spooled' | 'held' | 'refused' | 'lost'
  /** By which it counts once; null where it never got one. */
  id: string | null
  /** Why, in words; empty when it was accepted. */
  detail: string
}

/** Of a client. What is not said comes from the environment, `AFFIRMATIVE_*`, where there is one. */
export type Settings = {
  /** The environment of its affirmations: `AFFIRMATIVE_ENV`, else the server's. */
  env?: string | undefined
  /** `AFFIRMATIVE_API_KEY`. */
  apiKey?: string | undefined
  /** Who affirms: `AFFIRMATIVE_SOURCE`, else the name of this host (of the page's, in a browser). */
  source?: string | undefined
  /** The folder of what waits: `AFFIRMATIVE_SPOOL`, else `~/.local/state/affirmative/spool`. `false` or `'off'` for none. */
  spool?: string | false | undefined
  /** Seconds that a call may take with all its retries: `AFFIRMATIVE_TIMEOUT`, else 10. */
  timeout?: number | undefined
  /** Calls within so many milliseconds go in one request; 100. */
  batch?: number | undefined
  /** So many affirmations at most are on their way or held in memory; 10,000. */
  queue?: number | undefined
  /** Where a trouble is told, in one line; standard error. Never holds the key. */
  warn?: ((text: string) => void) | undefined
  /** In place of the platform's. */
  fetch?: typeof globalThis.fetch | undefined
  /** In place of the platform's time: epoch milliseconds, and something to do after so many. */
  clock?: Clock | undefined
}

export type Clock = {
  now(): number
  after(wait: number, act: () => void): { cancel(): void; unref(): void }
}

/** Of one affirmation. */
export type Options = {
  /** `ok` unless said otherwise. */
  status?: Status | undefined
  /** When it happened: epoch milliseconds, a date or ISO-8601; now. */
  at?: number | Date | string | undefined
  /** The same id for the same event and env counts once; a random one. */
  id?: string | undefined
  env?: string | undefined
  source?: string | undefined
  /** The value is a text, or its bytes, as somebody typed it: where it is a JSON document it is sent as that, with all its digits. */
  isTyped?: boolean | undefined
}

/** Affirms events. Nothing of it rejects, throws or prints to standard output. */
export class Affirmative {
  /** `url`: of the server, perhaps with a path; else `AFFIRMATIVE_URL`. Without either all is `lost`, and that is said. */
  constructor(url?: string | URL | null, settings?: Settings)

  /**
   * Says that `event` (a name, or an `af_…` key) happened. `value` is sent as JSON; bytes as text where they are UTF-8, else as `{"base64": …}`.
   * What is larger than 64 KiB is cut at its end: `{"cut": true, "text": …}`.
   */
  affirm(event: string, value?: unknown, options?: Options): Promise<Outcome>

  /**
   * Affirms `start`, does `work`, and affirms `ok` or `fail` with `{seconds, error?}`. Gives back, or throws, what `work` does, and waits for no
   * answer of the server.
   */
  run<T>(event: string, work: () => T | PromiseLike<T>, options?: Pick<Options, 'env' | 'source'>): Promise<T>

  /** Resolves when all that was said so far, and what waits from before, has been sent, or its time is over. */
  flush(): Promise<void>

  /** For a program that wants to end: after so many seconds nothing is waited for any more, where all that was said is in the spool. */
  hurry(seconds: number): void
}
