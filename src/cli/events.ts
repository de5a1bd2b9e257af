import { type Api, anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import type { AffirmationAnswer, EventAnswer, ExpectationAnswer } from './shapes.ts'
import { jsonText, minuteText, tableOf } from './table.ts'
import { argumentsOf, EXIT, type Printed, stepIn, type Verb, WrongUsage, wordsOf } from './verb.ts'

const OPTIONS = {
  ...COMMON,
  q: { type: 'string' },
  tag: { type: 'string', multiple: true },
  description: { type: 'string' },
  key: { type: 'string' },
  confirm: { type: 'string' },
} as const

type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']
type Asked = { api: Api; env: string | undefined; given: Given; out: Printed }

const pathOf = (event: string): string => `/events/${encodeURIComponent(event)}`

/** With one tag: the list is asked for it. */
async function list({ api, env, given, out }: Asked): Promise<void> {
  const items: EventAnswer[] = []
  for await (const event of api.all<EventAnswer>('/events', { q: given.q, tag: given.tag?.[0], env })) items.push(event)
  if (given.json === true) return void out.write(jsonText({ items }))
  const rows = items.map(({ name, key, tags, description }) => [key, name, tags.join(' '), description])
  out.write(rows.length === 0 ? 'None.\n' : tableOf(['KEY', 'NAME', 'TAGS', 'DESCRIPTION'], rows, out))
}

async function show({ api, env, given, out }: Asked, name: string): Promise<void> {
  const event = await api.get<EventAnswer>(pathOf(name))
  const expectations: ExpectationAnswer[] = []
  for await (const one of api.all<ExpectationAnswer>('/expectations', { event: event.key, env })) expectations.push(one)
  const { items } = await api.get<{ items: AffirmationAnswer[] }>(`${pathOf(event.key)}/affirmations`, { env, limit: 5 })
  if (given.json === true) return void out.write(jsonText({ event, expectations, affirmations: items }))
  out.write(`${event.name}  ${event.key}${event.description === '' ? '' : `\n${event.description}`}\n\n`)
  const expected = expectations.map(({ id, state, env, nextDue, description }) => [
    `${id}`,
    state,
    env,
    minuteText(nextDue),
    description,
  ])
  out.write(expected.length === 0 ? 'No expectation yet.\n' : tableOf(['ID', 'STATE', 'ENV', 'NEXT', 'EXPECTED'], expected, out))
  const seen = items.map(({ at, env, status, source, value }) => [at, env, status, source, JSON.stringify(value)])
  out.write(
    seen.length === 0 ? '\nNever affirmed.\n' : `\n${tableOf(['SEEN LAST', 'ENV', 'STATUS', 'SOURCE', 'VALUE'], seen, out)}`,
  )
}

async function register({ api, given, out }: Asked, name: string): Promise<void> {
  const { description, key, tag: tags } = given
  const event = await api.send<EventAnswer>('POST', '/events', { name, description, key, tags })
  out.write(given.json === true ? jsonText(event) : `${event.key}\n`)
}

async function remove({ api, given, out }: Asked, name: string): Promise<void> {
  if (given.confirm === undefined) throw new WrongUsage(`Its affirmations and verdicts go, too. Say it twice: --confirm ${name}`)
  await api.send('DELETE', pathOf(name), undefined, { confirm: given.confirm })
  out.write(given.json === true ? jsonText({ deleted: name }) : `Deleted: ${name}\n`)
}

const STEPS: Readonly<Record<string, (asked: Asked, name: string) => Promise<void>>> = { list, show, register, delete: remove }

export const eventsVerb: Verb = {
  name: 'events',
  summary: 'list, show, register or delete events',
  help: `affirmative events [list] [--q TEXT] [--tag TAG]
affirmative events show EVENT
affirmative events register NAME [--description TEXT] [--tag TAG]… [--key KEY]
affirmative events delete EVENT --confirm NAME

EVENT is a name or a key. "register" prints the key to write into code; "show"
has what is expected of the event, and its last five affirmations.

  --q TEXT        only those with this in name, key or description
  --tag TAG       only those tagged so; at "register" as often as there are tags
  --description   what it is about
  --key KEY       a key that was written into code before
  --confirm NAME  the event's name once more: all that it has goes, too
${COMMON_HELP}

--json: {"items": […]}, {"event", "expectations", "affirmations"}, the event,
{"deleted"}.

Exit status: 0 done, 1 refused, 2 not understood, 3 the server cannot be asked.
`,
  run: async (args, { env, out }) => {
    const { values: given, positionals } = argumentsOf(args, OPTIONS)
    const [word = 'list', ...rest] = positionals
    const step = stepIn(STEPS, 'events', word)
    const [name = ''] = wordsOf(rest, word === 'list' ? [] : ['The name of the event'])
    const { env: environment, ...server } = targetOf(given, env)
    await step({ api: anApi(server), env: environment, given, out }, name)
    return EXIT.done
  },
}
