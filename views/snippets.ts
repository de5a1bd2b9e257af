/** Where and what the snippets affirm. The key stands in each, to be found by grep. `asksForKeys`: the server takes nothing without an API key. */
type Affirmed = { baseUrl: string; eventKey: string; name: string; asksForKeys: boolean }

/** One way of affirming: `what` completes "Copy …". */
export type Snippet = { title: string; what: string; text: string }

/** The variable that all clients read; it stands for the secret wherever something is pasted. */
const VARIABLE = 'AFFIRMATIVE_API_KEY'

/** What curl says of it, with a space before; empty where nobody asks. */
export const curlKey = (asksForKeys: boolean): string => (asksForKeys ? ` -H "Authorization: Bearer $${VARIABLE}"` : '')

const curl = ({ asksForKeys }: Affirmed): string =>
  `curl -fsS -m 10 --retry 5 --retry-connrefused -o /dev/null${curlKey(asksForKeys)}`

const plain = (affirmed: Affirmed): string => {
  const { baseUrl, eventKey, name } = affirmed
  return `0 3 * * * /path/to/job && ${curl(affirmed)} ${baseUrl}/affirm/${eventKey} # ${name}`
}

const crontab = ({
  baseUrl,
  eventKey,
  name,
}: Affirmed): string => `# the client: clients/shell/affirm.sh, to be put into /usr/local/bin
AFFIRMATIVE_URL=${baseUrl}
0 3 * * * /usr/local/bin/affirm.sh run ${eventKey} -- /path/to/job # ${name}`

const shell = ({ baseUrl, name }: Affirmed, call: string): string => `# the client: clients/shell/affirm.sh, one file to copy
export AFFIRMATIVE_URL=${baseUrl}
affirm.sh ${call} # ${name}`

const javascript = ({ baseUrl, eventKey, name }: Affirmed): string => `// the client: clients/js/affirmative.js, one file to copy
import { Affirmative } from './affirmative.js'

const client = new Affirmative('${baseUrl}')
await client.affirm('${eventKey}') // ${name}`

const python = ({ baseUrl, eventKey, name }: Affirmed): string => `# the client: clients/python/affirmative, a folder to copy
from affirmative import Client

client = Client("${baseUrl}")
client.affirm("${eventKey}")  # ${name}`

const r = ({ baseUrl, eventKey, name }: Affirmed): string => `# the client: clients/r/affirmative.R, one file to copy
source("affirmative.R")
client <- affirmative("${baseUrl}")
affirm(client, "${eventKey}")  # ${name}`

/** Everybody can read the key of a page: it is one of its own, never that of jobs. */
const html = ({ baseUrl, eventKey, name, asksForKeys }: Affirmed): string => {
  const key = asksForKeys ? ' data-key="ak_…"' : ''
  const advice = asksForKeys ? '; everybody can read its key: give that one the scope affirm and one env' : ''
  return `<!-- on a page of an origin in AFFIRMATIVE_ALLOWED_ORIGINS${advice} -->
<script src="${baseUrl}/affirm.js"${key}></script>
<button type="button" data-affirm="${eventKey}">It happened</button> <!-- ${name} -->`
}

/**
 * What a foreign page makes a browser send is refused, and it cannot hold a key, since everybody reads it: it leads a person to the form, who is
 * signed in where the server asks for that.
 */
const link = ({ baseUrl, eventKey, name, asksForKeys }: Affirmed): string =>
  `<!-- ${eventKey}: ${name}${asksForKeys ? `. For people who are signed in at ${baseUrl}` : ''} -->
<a href="${baseUrl}/events/${encodeURIComponent(name)}#sign-off">It happened</a>`

/**
 * Ready to paste. Plain HTTP needs nothing and comes first; our clients break nothing when the server is away, and lose nothing. The key stands in
 * each once, on the line that affirms, so that a scan takes that for one place.
 */
export const snippetsFor = (affirmed: Affirmed): Snippet[] => [
  { title: 'Plain HTTP: curl in a crontab, without a client', what: 'the line with curl', text: plain(affirmed) },
  { title: 'crontab', what: 'the crontab lines', text: crontab(affirmed) },
  { title: 'Shell', what: 'the shell lines', text: shell(affirmed, affirmed.eventKey) },
  { title: 'Shell, a command', what: 'the command', text: shell(affirmed, `run ${affirmed.eventKey} -- /path/to/job`) },
  { title: 'JavaScript', what: 'the JavaScript', text: javascript(affirmed) },
  { title: 'Python', what: 'the Python', text: python(affirmed) },
  { title: 'R', what: 'the R', text: r(affirmed) },
  { title: 'A button on a page', what: 'the HTML', text: html(affirmed) },
  {
    title: affirmed.asksForKeys ? 'A link on a page, for signed-in people' : 'A link on a page',
    what: 'the link',
    text: link(affirmed),
  },
]

/** All affirmations of an event as a file, filtered as the page is. */
export function exportCommand(
  { baseUrl, eventKey, asksForKeys }: Omit<Affirmed, 'name'>,
  filter: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  const url = `${baseUrl}/api/v1/events/${eventKey}/affirmations${query.size === 0 ? '' : `?${query}`}`
  return `curl -fsS${curlKey(asksForKeys)} -H 'accept: application/x-ndjson' '${url.replaceAll("'", '%27')}'`
}
