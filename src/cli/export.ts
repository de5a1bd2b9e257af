import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { systemClock } from '../clock.ts'
import { type Api, anApi, COMMON, COMMON_HELP, targetOf } from './api.ts'
import { affirmationLine, anIdentifying, type Declared, HEADER, isOurs, lineOf } from './archive.ts'
import { aBar, type Bar } from './bar.ts'
import { jsonText } from './table.ts'
import { argumentsOf, EXIT, type Verb, wordsOf } from './verb.ts'

const number = new Intl.NumberFormat('en')
const LISTS = [
  ['event', '/events'],
  ['channel', '/channels'],
  ['expectation', '/expectations'],
  ['maintenance', '/maintenance'],
] as const

/** As it is counted in the end. */
type Tally = Record<string, number>

/** What is asked for is one environment, or all of them. */
async function* linesOf(api: Api, env: string | undefined, tally: Tally, bar: Bar): AsyncGenerator<string> {
  yield `${JSON.stringify(HEADER)}\n`
  const events: string[] = []
  for (const [kind, path] of LISTS) {
    for await (const answer of api.all<Declared>(
      path,
      kind === 'expectation' ? { env } : kind === 'channel' ? { limit: undefined } : {},
    )) {
      if (isOurs(kind, answer)) continue
      if (kind === 'event') events.push(String(answer.key))
      tally[kind] = (tally[kind] ?? 0) + 1
      yield `${lineOf(kind, answer)}\n`
    }
  }
  for (const [index, key] of events.entries()) {
    const identified = anIdentifying()
    for await (const line of api.lines(`/events/${key}/affirmations`, { env })) {
      tally.affirmation = (tally.affirmation ?? 0) + 1
      yield `${affirmationLine(identified(line).line)}\n`
      bar.tell(index, events.length, `event ${index + 1} of ${events.length} · ${number.format(tally.affirmation)} affirmations`)
    }
  }
}

/** Into a file that has its name only when it is whole. */
async function writeTo(file: string, lines: AsyncIterable<string>, out: Writable): Promise<void> {
  if (file === '-') return pipeline(Readable.from(lines), out, { end: false })
  const unfinished = `${file}.part`
  await pipeline(Readable.from(lines), createWriteStream(unfinished, { mode: 0o600 }))
  await rename(unfinished, file)
}

/** "3 events, 1,200 affirmations". */
export const tallyInWords = (tally: Tally): string =>
  Object.entries(tally)
    .map(([kind, count]) => `${number.format(count)} ${kind}${count === 1 || kind === 'maintenance' ? '' : 's'}`)
    .join(', ') || 'nothing'

export const exportVerb: Verb = {
  name: 'export',
  summary: 'write all events, expectations, … and affirmations into a file',
  help: `affirmative export FILE|- [--env ENV]

Writes what a server has as lines of JSON, each with its kind: events, channels,
expectations, maintenance windows, affirmations. Secrets of channels are not
among them, nor are verdicts, incidents, people and keys, nor what the server
says of itself ("affirmative copy" moves those, too). - writes to standard
output.

${COMMON_HELP}
                  --env keeps to one; the setting does not: a copy has all

  affirmative export all.ndjson && gzip all.ndjson

The first line is {"kind":"export","format":"affirmative","version":1}, others
{"kind":"event","event":{…}}. An affirmation without an id gets one by which it
is counted once however often it is imported. With --json what was written is
told on stderr as {"event": 3, …}.

Exit status: 0 done, 1 refused, 2 not understood, 3 the server cannot be asked.
`,
  run: async (args, { env, err }) => {
    const { values: given, positionals } = argumentsOf(args, COMMON)
    const [file = ''] = wordsOf(positionals, ['The file, or -,'])
    const api = anApi(targetOf(given, env))
    const [tally, bar]: [Tally, Bar] = [{}, aBar(err, systemClock.elapsed)]
    await writeTo(file, linesOf(api, given.env, tally, bar), process.stdout)
    bar.end(given.json === true ? jsonText(tally).trimEnd() : `Exported: ${tallyInWords(tally)}.`)
    return EXIT.done
  },
}
