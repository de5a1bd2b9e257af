import { realpathSync, statSync } from 'node:fs'
import { systemClock } from '../clock.ts'
import { type Api, anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import { aGathering, type Findings } from './scan/findings.ts'
import { aKnown, type KnownEvent } from './scan/known.ts'
import { inWords, lookedInWords } from './scan/print.ts'
import { push, pushingOf } from './scan/push.ts'
import { lookThrough } from './scan/tree.ts'
import { argumentsOf, EXIT, type Surroundings, type Verb, WrongUsage, wordsOf } from './verb.ts'

const OPTIONS = {
  ...COMMON,
  all: { type: 'boolean' },
  offline: { type: 'boolean' },
  check: { type: 'boolean' },
  'fail-on': { type: 'string' },
  push: { type: 'boolean' },
  repo: { type: 'string' },
  link: { type: 'string' },
} as const

/** How many there are of what `--fail-on` can name. */
const TROUBLES: Readonly<Record<string, (findings: Findings) => number>> = {
  keys: ({ unknown }) => unknown.filter(({ key }) => key !== null).length,
  names: ({ unknown }) => unknown.filter(({ key }) => key === null).length,
  disagreeing: ({ disagreeing }) => disagreeing.length,
  several: ({ several }) => several?.length ?? 0,
  unused: ({ unused }) => unused?.length ?? 0,
}
const USUAL = 'keys,disagreeing'

type Given = ReturnType<typeof argumentsOf<typeof OPTIONS>>['values']

/** What makes the program fail; none unless it is asked to. */
function troublesIn(given: Given): string[] {
  if (given.check !== true && given['fail-on'] === undefined) return []
  const asked = (given['fail-on'] ?? USUAL).split(',').map((word) => word.trim())
  const wrong = asked.find((word) => !(word in TROUBLES))
  if (wrong !== undefined) throw new WrongUsage(`--fail-on takes ${Object.keys(TROUBLES).join(', ')}, not "${wrong}".`)
  return asked
}

/** One that is a link is followed: it was named. */
function folderIn(text: string): string {
  if (!statSync(text, { throwIfNoEntry: false })?.isDirectory()) throw new WrongUsage(`${text} is no folder.`)
  return realpathSync(text)
}

const ALONE = ['check', 'fail-on', 'push'] as const

/** Null: nobody is asked. */
function apiIn(given: Given, { env }: Surroundings): Api | null {
  if (given.offline !== true) return anApi(targetOf(given, env))
  const asking = ALONE.find((option) => given[option] !== undefined)
  if (asking !== undefined) throw new WrongUsage(`--${asking} asks the server, so it does not go with --offline.`)
  return null
}

async function eventsOf(api: Api): Promise<KnownEvent[]> {
  const events: KnownEvent[] = []
  for await (const { key, name } of api.all<KnownEvent>('/events')) events.push({ key, name })
  return events
}

const UNASKED = 'Nobody was asked: which keys and names are known, and what is used nowhere, is not known.'

async function scan(given: Given, dir: string, surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings
  const failing = troublesIn(given)
  const api = apiIn(given, surroundings)
  if (given.push !== true && (given.repo !== undefined || given.link !== undefined))
    throw new WrongUsage('--repo and --link go with --push.')
  const pushing = given.push === true ? await pushingOf(dir, given, surroundings.env) : null
  const start = systemClock.elapsed()
  const gathering = aGathering(api === null ? null : aKnown(await eventsOf(api)))
  const looked = await lookThrough(dir, given.all === true, gathering)
  const findings = gathering.findings()
  out.write(given.json === true ? `${JSON.stringify({ ...findings, looked })}\n` : inWords(findings))
  err.write(`${lookedInWords(looked, findings.words, systemClock.elapsed() - start)}\n`)
  if (api === null) err.write(`${UNASKED}\n`)
  if (api !== null && pushing !== null) err.write(`${await push(api, pushing, findings.items)}\n`)
  return failing.some((trouble) => (TROUBLES[trouble]?.(findings) ?? 0) > 0) ? EXIT.refused : EXIT.done
}

export const scanVerb: Verb = {
  name: 'scan',
  summary: 'find keys and names of events in code; tell the server where',
  help: `affirmative scan [FOLDER] [--check] [--push] [--offline]

Finds every key (af_ and 8 characters) and every name that is given to a client,
in any language: path:line by event, unknown ones, events used nowhere or in
several places, and keys beside another event's name. Looked through is
what git knows or would take; else .gitignore is kept, and node_modules
left out. What .affirmativeignore names is left out, too.

  --check         exit status 1 on unknown keys and disagreeing names
  --fail-on LIST  on these instead: keys, names, disagreeing, several, unused
  --push          tell the server: the page of each event lists its places
  --repo NAME     what the repository is called there; else by its remote
  --link TEMPLATE where a line is read: {repo}/blob/{commit}/{path}#L{line};
                  by itself for GitHub, GitLab, Gitea, Forgejo and Codeberg
  --all           also what is ignored
  --offline       ask no server: what is there, and not what is known
${COMMON_HELP}

Exit status: 0 done, 1 found what --check or --fail-on names, or refused,
2 not understood, 3 the server cannot be asked.
`,
  run: async (args, surroundings) => {
    const { values, positionals } = argumentsOf(args, OPTIONS)
    const [dir = '.'] = wordsOf(positionals, [], ['FOLDER'])
    return scan(values, folderIn(dir), surroundings)
  },
}
