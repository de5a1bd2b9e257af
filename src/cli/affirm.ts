import { readInstant } from '../domain/affirmation.ts'
import { COMMON, COMMON_HELP } from './api.ts'
import { type AffirmOptions, clientOf } from './client.ts'
import { jsonText } from './table.ts'
import { argumentsOf, EXIT, type Verb, WrongUsage, wordsOf } from './verb.ts'

const OPTIONS = {
  ...COMMON,
  fail: { type: 'boolean' },
  start: { type: 'boolean' },
  log: { type: 'boolean' },
  source: { type: 'string' },
  id: { type: 'string' },
  at: { type: 'string' },
  strict: { type: 'boolean' },
} as const

type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']
const STATUSES = ['fail', 'start', 'log'] as const

function statusOf(given: Given): AffirmOptions['status'] {
  const said = STATUSES.filter((status) => given[status] === true)
  if (said.length > 1) throw new WrongUsage(`--${said[0]} and --${said[1]} do not go together.`)
  return said[0] ?? 'ok'
}

function instantOf(text: string | undefined): number | undefined {
  const at = text === undefined ? undefined : readInstant(text)
  if (at === null) throw new WrongUsage('--at must be an instant, like 2026-03-01T07:00Z or epoch seconds or milliseconds.')
  return at
}

async function bytesOf(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of input) pieces.push(piece)
  return Buffer.concat(pieces)
}

export const affirmVerb: Verb = {
  name: 'affirm',
  summary: 'say that something happened',
  help: `affirmative affirm EVENT [VALUE] [options]

EVENT is a name or a key. VALUE is a text or JSON, of which 64 KiB are kept; -
reads it from standard input. What cannot be sent now is kept, and delivered by
a later call.

  --fail, --start, --log   a reported failure; it begins; it is only noted
  --at INSTANT    when it happened, if not now
  --id ID         of two with the same id one counts
  --source NAME   who says so; else AFFIRMATIVE_SOURCE, else this host
  --strict        exit status 1 when it was not accepted now
${COMMON_HELP}

  affirmative affirm nightly_report '{"rows": 812}'
  make report 2>&1 | affirmative affirm nightly_report -

AFFIRMATIVE_SPOOL: the folder it is kept in (off: none); AFFIRMATIVE_TIMEOUT:
how many seconds it is tried (10). --json: {"state": "accepted", "id", …};
state is also spooled, refused or lost.

Exit status: 0 also when the server is away, 1 see --strict, 2 not understood.
`,
  run: async (args, surroundings) => {
    const { values: given, positionals } = argumentsOf(args, OPTIONS)
    const [event = '', text] = wordsOf(positionals, ['The event'], ['The value'])
    const options = { status: statusOf(given), at: instantOf(given.at), id: given.id, isTyped: true }
    const client = await clientOf(given, surroundings)
    const bytes = text === '-' ? await bytesOf(surroundings.input()) : Buffer.from(text ?? '')
    const { state, id, detail } = await client.affirm(event, text === undefined ? undefined : bytes, options)
    if (given.json === true) surroundings.out.write(jsonText({ state, id, detail }))
    return given.strict === true && state !== 'accepted' ? EXIT.refused : EXIT.done
  },
}
