import { type Api, anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import { isSameDeclared } from './same-draft.ts'
import type { ExpectationAnswer } from './shapes.ts'
import { jsonText, minuteText, tableOf } from './table.ts'
import { argumentsOf, EXIT, type Printed, type Verb, WrongUsage, wordsOf } from './verb.ts'

const text = { type: 'string' } as const
const OPTIONS = {
  ...COMMON,
  schedule: text,
  zone: text,
  lookback: text,
  grace: text,
  'at-least': text,
  'at-most': text,
  count: text,
  where: text,
  severity: text,
  tag: { type: 'string', multiple: true },
  channel: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  list: { type: 'boolean' },
} as const

type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']
type Preview = {
  description: string
  warnings: string[]
  next: string[]
  declared: Record<string, unknown>
  backtest: { days: number; met: number; missed: number; unknown: number }
}

function numberOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  if (!/^\d{1,9}$/.test(given)) throw new WrongUsage(`${option} must be a whole number, not "${given}".`)
  return Number(given)
}

function jsonOf(option: string, given: string | undefined): unknown {
  if (given === undefined) return undefined
  try {
    return JSON.parse(given)
  } catch (error) {
    throw new WrongUsage(`${option} must be JSON, like {"path": "$.status", "equals": "ok"}.`, { cause: error })
  }
}

/** What was said and nothing else, so that the server's defaults hold for the rest. */
const draftOf = (event: string, env: string | undefined, given: Given): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({
      event,
      env,
      schedule: given.schedule,
      timeZone: given.zone,
      lookback: given.lookback,
      grace: given.grace,
      atLeast: numberOf('--at-least', given['at-least']),
      atMost: numberOf('--at-most', given['at-most']),
      count: given.count,
      where: jsonOf('--where', given.where),
      severity: given.severity,
      tags: given.tag,
      channels: given.channel,
    }).filter(([, value]) => value !== undefined),
  )

async function declaredOf(api: Api, event: string, env: string | undefined): Promise<ExpectationAnswer[]> {
  const found: ExpectationAnswer[] = []
  for await (const one of api.all<ExpectationAnswer>('/expectations', { event, env })) found.push(one)
  return found
}

function tell({ description, warnings, next, backtest }: Preview, what: string, out: Printed): void {
  out.write(`${what}: ${description}\n`)
  for (const warning of warnings) out.write(`  note: ${warning}\n`)
  out.write(`  next: ${next.length === 0 ? 'never' : next.map(minuteText).join(', ')}\n`)
  const { days, met, missed, unknown } = backtest
  if (days > 0) out.write(`  of the last ${days} days: ${met} met, ${missed} missed, ${unknown} unknown\n`)
}

async function list(api: Api, event: string, env: string | undefined, isJson: boolean, out: Printed): Promise<void> {
  const items = await declaredOf(api, event, env)
  if (isJson) return void out.write(jsonText({ items }))
  const rows = items.map(({ id, state, env, nextDue, description }) => [`${id}`, state, env, minuteText(nextDue), description])
  out.write(rows.length === 0 ? 'None.\n' : tableOf(['ID', 'STATE', 'ENV', 'NEXT', 'EXPECTED'], rows, out))
}

async function expect(api: Api, draft: Record<string, unknown>, given: Given, out: Printed): Promise<void> {
  const preview = await api.send<Preview>('POST', '/expectations/preview', draft)
  const dry = given['dry-run'] === true
  // Asked for before it is looked for among them: what the server cannot read is told in its words.
  const known = dry ? [] : await declaredOf(api, String(draft.event), undefined)
  const same = known.find((one) => isSameDeclared(preview.declared, one))
  const expectation = dry ? null : (same ?? (await api.send<ExpectationAnswer>('POST', '/expectations', draft)))
  if (given.json === true) return void out.write(jsonText({ created: !dry && same === undefined, expectation, preview }))
  const what = dry ? 'Would be' : same === undefined ? `Expectation ${expectation?.id}` : `Expectation ${same.id}, as it was`
  tell(preview, what, out)
}

export const expectVerb: Verb = {
  name: 'expect',
  summary: 'say how often an event must happen; given twice it stays one',
  help: `affirmative expect EVENT --schedule CRON [options]
affirmative expect EVENT --list

  --schedule      five fields of cron, or @daily: when it is looked at
  --zone          zone of the schedule, like Europe/Berlin; else the server's
  --lookback      how far back affirmations count, like 20m
  --at-least, --at-most    how many: 1, and any; 0 and 0: it must not happen
  --grace         how much longer is waited when there are too few, like 5m
  --count         affirmations, or sources: different ones
  --where         which count, in JSON: {"path": "$.rows", "atLeast": 1}
  --severity      critical or warning
  --tag, --channel         as often as wanted: tags; who is told, by name
  --dry-run       only say what it would be, and how it would have gone
  --list          what is expected of the event
${COMMON_HELP}

  affirmative expect nightly_report --schedule "0 7 * * 1-5" --lookback 30m

--json: {"created", "expectation", "preview"}; --list: {"items"}.
Exit status: 0 done, 1 refused, 2 not understood, 3 the server cannot be asked.
`,
  run: async (args, { env, out }) => {
    const { values: given, positionals } = argumentsOf(args, OPTIONS)
    const [event = ''] = wordsOf(positionals, ['The event'])
    const { env: environment, ...server } = targetOf(given, env)
    const api = anApi(server)
    if (given.list === true) await list(api, event, environment, given.json === true, out)
    else if (given.schedule === undefined) throw new WrongUsage('--schedule is missing, like --schedule "0 7 * * 1-5".')
    else await expect(api, draftOf(event, environment, given), given, out)
    return EXIT.done
  },
}
