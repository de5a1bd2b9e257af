import { systemClock } from '../clock.ts'
import { isDatabaseUrl } from '../config.ts'
import { aProgress } from './progress.ts'
import { EXIT, optionsOf, type Verb, WrongUsage } from './verb.ts'

const FORM = 'write file:PATH or postgres://USER:PASSWORD@HOST/NAME'

function databaseIn(option: string, text: string | undefined): string {
  if (text === undefined) throw new WrongUsage(`${option} is missing: ${FORM}.`)
  // It may hold a password, so it is not repeated.
  if (!isDatabaseUrl(text)) throw new WrongUsage(`${option} is no address of a database: ${FORM}.`)
  return text
}

export const copyVerb: Verb = {
  name: 'copy',
  summary: 'move everything into another database: SQLite, PostgreSQL',
  help: `affirmative copy --from DATABASE --to DATABASE [--json]

Copies everything (events, keys, affirmations, expectations, verdicts, …) into
an empty database, and compares both sides before it says that it is done. What
is copied from is only read.

  --from, --to    file:PATH or postgres://USER:PASSWORD@HOST/NAME
  --json          progress as one JSON object a line

Stop the server first; neither database can be used while the copy runs. When it
is broken off, give the same command again: it goes on where it was. Until it is
done no server starts on the new database.

  affirmative copy --from file:./data/affirmative.db \\
                   --to postgres://ann:secret@db/affirmative

Exit status: 0 done, 1 refused or failed, 2 not understood.
`,
  run: async (args, { out }) => {
    const given = optionsOf(args, { from: { type: 'string' }, to: { type: 'string' }, json: { type: 'boolean' } })
    const [from, to] = [databaseIn('--from', given.from), databaseIn('--to', given.to)]
    const { copyStore } = await import('../store/copy.ts')
    const progress = aProgress(out, given.json === true, systemClock.elapsed)
    try {
      progress.done(await copyStore(from, to, progress.tell))
      return EXIT.done
    } catch (error) {
      progress.breakOff()
      throw error
    }
  },
}
