import { type Api, anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import type { KeyAnswer } from './shapes.ts'
import { jsonText, minuteText, tableOf } from './table.ts'
import { argumentsOf, EXIT, type Printed, stepIn, type Verb, WrongUsage, wordsOf } from './verb.ts'

const OPTIONS = { ...COMMON, scope: { type: 'string', multiple: true } } as const

type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']
type Asked = { api: Api; given: Given; out: Printed }

async function list({ api, given, out }: Asked): Promise<void> {
  const items: KeyAnswer[] = []
  for await (const key of api.all<KeyAnswer>('/keys')) items.push(key)
  if (given.json === true) return void out.write(jsonText({ items }))
  const rows = items.map(({ id, name, hint, scopes, env, createdBy, lastUsedAt }) => [
    ...[`${id}`, name, hint, scopes.join(' '), env ?? '(all)', createdBy],
    minuteText(lastUsedAt),
  ])
  out.write(rows.length === 0 ? 'None.\n' : tableOf(['ID', 'NAME', 'KEY', 'SCOPES', 'ENV', 'MADE BY', 'LAST USED'], rows, out))
}

/** Bound to an environment only when it is said here: a setting of this terminal must not narrow a key unseen. */
async function make({ api, given, out }: Asked, name: string): Promise<void> {
  const scopes = (given.scope ?? []).flatMap((text) => text.split(','))
  if (scopes.length === 0) throw new WrongUsage('--scope is missing: affirm, read, write or admin.')
  const made = await api.send<KeyAnswer & { secret: string }>('POST', '/keys', { name, scopes, env: given.env ?? null })
  out.write(given.json === true ? jsonText(made) : `${made.secret}\n`)
}

async function revoke({ api, given, out }: Asked, id: string): Promise<void> {
  if (!/^\d{1,15}$/.test(id)) throw new WrongUsage(`"${id}" is not the number of a key; "affirmative keys" lists them.`)
  await api.send('DELETE', `/keys/${id}`)
  out.write(given.json === true ? jsonText({ revoked: Number(id) }) : `Revoked: ${id}\n`)
}

const STEPS: Readonly<Record<string, { takes: readonly string[]; run: (asked: Asked, word: string) => Promise<void> }>> = {
  list: { takes: [], run: list },
  make: { takes: ['The name of the key'], run: make },
  revoke: { takes: ['The number of the key'], run: revoke },
}

export const keysVerb: Verb = {
  name: 'keys',
  summary: 'list, make or revoke API keys',
  help: `affirmative keys [list]
affirmative keys make NAME --scope SCOPE… [--env ENV]
affirmative keys revoke ID

"make" prints the secret, this once: the server keeps only its hash.

  --scope SCOPE   affirm, read, write or admin; as often as wanted
${COMMON_HELP}
                  at "make" --env keeps the key to that environment

  affirmative keys make "nightly jobs" --scope affirm --env prod

--json: {"items": […]}, the key with its "secret", {"revoked"}.

Exit status: 0 done, 1 refused, 2 not understood, 3 the server cannot be asked.
`,
  run: async (args, { env, out }) => {
    const { values: given, positionals } = argumentsOf(args, OPTIONS)
    const [word = 'list', ...rest] = positionals
    const step = stepIn(STEPS, 'keys', word)
    const [what = ''] = wordsOf(rest, step.takes)
    await step.run({ api: anApi(targetOf(given, env)), given, out }, what)
    return EXIT.done
  },
}
