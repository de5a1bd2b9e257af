import { anApi, COMMON, COMMON_HELP, NotAsked, Refused, type Target, targetOf } from './api.ts'
import { nagiosOf } from './nagios.ts'
import type { ExpectationAnswer } from './shapes.ts'
import { jsonText, minuteText, tableOf } from './table.ts'
import { EXIT, optionsOf, type Printed, type Verb, WrongUsage } from './verb.ts'

const OPTIONS = {
  ...COMMON,
  missed: { type: 'boolean' },
  tag: { type: 'string' },
  nagios: { type: 'boolean' },
} as const

const ORDER = ['missed', 'late', 'unknown', 'waiting', 'met', 'paused']

async function expectationsOf({ env, ...server }: Target, tag: string | undefined): Promise<ExpectationAnswer[]> {
  const found: ExpectationAnswer[] = []
  for await (const one of anApi(server).all<ExpectationAnswer>('/expectations', { env, tag })) found.push(one)
  return found.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
}

const rowOf = ({ state, event, env, lastVerdict, nextDue, description }: ExpectationAnswer): string[] => [
  state,
  event,
  env,
  minuteText(lastVerdict?.due ?? null),
  minuteText(nextDue),
  state === 'missed' ? `${lastVerdict?.reason ?? ''} – ${description}` : description,
]

function tableText(shown: readonly ExpectationAnswer[], out: Printed): string {
  if (shown.length === 0) return 'Nothing.\n'
  return tableOf(['STATE', 'EVENT', 'ENV', 'JUDGED', 'NEXT', 'EXPECTED'], shown.map(rowOf), out)
}

/** For Nagios every end has a meaning of its own: 2 would be critical, so that what went wrong is 3. */
async function asPlugin(ask: () => Promise<ExpectationAnswer[]>, out: Printed): Promise<number> {
  try {
    const { line, status } = nagiosOf(await ask())
    out.write(line)
    return status
  } catch (error) {
    if (!(error instanceof NotAsked || error instanceof Refused || error instanceof WrongUsage)) throw error
    out.write(`UNKNOWN: ${error.message.replace(/[\n|]/g, ' ')}\n`)
    return EXIT.notAsked
  }
}

export const statusVerb: Verb = {
  name: 'status',
  summary: 'what is met and what is missed; exit status 1 when something is',
  help: `affirmative status [--missed] [--tag TAG] [--nagios] [--json]

A table of all expectations, what needs somebody first.

  --missed        only what is missed
  --tag TAG       only what is tagged so (the expectation or its event)
  --nagios        one line with performance data, and a plugin's exit status
${COMMON_HELP}

  affirmative status --missed --env prod || echo "something did not happen"
  affirmative status --nagios --tag money

--json: {"missed": 1, "items": [{"id", "event", "env", "state", "description",
"lastVerdict", "nextDue", …}]}, as GET /api/v1/expectations has them.

Exit status: 0 nothing is missed, 1 something is, or it was refused, 2 not
understood, 3 the server cannot be asked. With --nagios: 0 OK, 1 WARNING (missed
with severity warning), 2 CRITICAL, 3 UNKNOWN.
`,
  run: async (args, { env, out }) => {
    const given = optionsOf(args, OPTIONS)
    const ask = async () => expectationsOf(targetOf(given, env), given.tag)
    if (given.nagios === true) return asPlugin(ask, out)
    const all = await ask()
    const missed = all.filter(({ state }) => state === 'missed')
    const shown = given.missed === true ? missed : all
    out.write(given.json === true ? jsonText({ missed: missed.length, items: shown }) : tableText(shown, out))
    return missed.length > 0 ? EXIT.refused : EXIT.done
  },
}
