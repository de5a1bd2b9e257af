import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { ROLES, type Role } from '../domain/access.ts'
import { welcomeUrl } from '../welcome-url.ts'
import { jsonText } from './table.ts'
import { EXIT, optionsOf, type Verb, WrongUsage } from './verb.ts'

const SERVER_RUNS =
  'The server is running on this SQLite file, and only one program may use it. Stop the server, give this command again, and start the server. (Somebody who is admin can make a link on /settings/people meanwhile.)'

function roleIn(text: string | undefined): Role {
  const role = ROLES.find((one) => one === text)
  if (role === undefined) throw new WrongUsage(`--role must be one of ${ROLES.join(', ')}.`)
  return role
}

async function openAlone(databaseUrl: string) {
  const { InUse, openStore, Refusal } = await import('../store/open.ts')
  return openStore(databaseUrl, () => undefined).catch((error: unknown) => {
    throw error instanceof InUse ? new Refusal(SERVER_RUNS, { cause: error }) : error
  })
}

export const inviteVerb: Verb = {
  name: 'invite',
  summary: 'print a link by which somebody joins: for whoever is locked out',
  help: `affirmative invite --role ROLE

Prints a link by which one person chooses a name and a password, and may sign in
from then on. It works once, for 7 days.

  --role          ${ROLES.join(', ')}
  --json          {"role", "url"}

It works on the database of DATABASE_URL directly. On PostgreSQL the servers may
run meanwhile; on SQLite stop the server first.

  affirmative invite --role admin

Exit status: 0 done, 1 refused or failed, 2 not understood.
`,
  run: async (args, { env, out }) => {
    const given = optionsOf(args, { role: { type: 'string' }, json: { type: 'boolean' } })
    const role = roleIn(given.role)
    const { databaseUrl, publicUrl, host, port } = readConfig(env)
    const [{ aLinks }, { aPasswords }] = await Promise.all([import('../services/links.ts'), import('../services/passwords.ts')])
    const store = await openAlone(databaseUrl)
    try {
      const links = aLinks(store, aPasswords(), () => undefined)
      const at = (await store.clock()) ?? systemClock.now()
      const token = await links.invite(role, { who: 'command line', address: '' }, at)
      const url = welcomeUrl(publicUrl, host, port, token)
      out.write(given.json === true ? jsonText({ role, url }) : `${url}\n`)
      return EXIT.done
    } finally {
      await store.close()
    }
  },
}
