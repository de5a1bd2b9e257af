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

const crontab = (affirmed: Affirmed): string => {
  const { baseUrl, eventKey, name } = affirmed
  return `0 3 * * * /path/to/job && ${curl(affirmed)} ${baseUrl}/affirm/${eventKey} # ${name}`
}

const shell = (affirmed: Affirmed): string => {
  const { baseUrl, eventKey, name } = affirmed
  return `# ${eventKey}: ${name}
/path/to/job
${curl(affirmed)} ${baseUrl}/affirm/${eventKey}/$?`
}

const javascript = ({ baseUrl, eventKey, name, asksForKeys }: Affirmed): string => {
  const variable = asksForKeys ? `import { env } from 'node:process'\n` : ''
  const headers = asksForKeys ? `\n  headers: { authorization: 'Bearer ' + env.${VARIABLE} },` : ''
  return `// ${eventKey}: ${name}
${variable}const answer = await fetch('${baseUrl}/affirm/${eventKey}', {
  method: 'POST',${headers}
  signal: AbortSignal.timeout(10_000),
})
if (!answer.ok) throw new Error(await answer.text())`
}

const python = ({ baseUrl, eventKey, name, asksForKeys }: Affirmed): string => {
  const url = `${baseUrl}/affirm/${eventKey}`
  if (!asksForKeys)
    return `# ${eventKey}: ${name}
from urllib.request import urlopen

urlopen("${url}", timeout=10).read()`
  return `# ${eventKey}: ${name}
from os import environ
from urllib.request import Request, urlopen

key = {"Authorization": "Bearer " + environ["${VARIABLE}"]}
urlopen(Request("${url}", headers=key), timeout=10).read()`
}

const r = ({ baseUrl, eventKey, name, asksForKeys }: Affirmed): string => {
  const url = `"${baseUrl}/affirm/${eventKey}"`
  const place = asksForKeys ? `url(${url}, headers = c(Authorization = paste("Bearer", Sys.getenv("${VARIABLE}"))))` : url
  return `# ${eventKey}: ${name}
readLines(${place}, warn = FALSE)`
}

/**
 * What a foreign page makes a browser send is refused, and it cannot hold a key, since everybody reads it: it leads a person to the form, who is
 * signed in where the server asks for that.
 */
const link = ({ baseUrl, eventKey, name, asksForKeys }: Affirmed): string =>
  `<!-- ${eventKey}: ${name}${asksForKeys ? `. For people who are signed in at ${baseUrl}` : ''} -->
<a href="${baseUrl}/events/${encodeURIComponent(name)}#sign-off">It happened</a>`

/** Ready to paste, with nothing to install: each is plain HTTP. */
export const snippetsFor = (affirmed: Affirmed): Snippet[] => [
  { title: 'crontab, curl', what: 'the crontab line', text: crontab(affirmed) },
  { title: 'Shell, with the exit status', what: 'the shell lines', text: shell(affirmed) },
  { title: 'JavaScript', what: 'the JavaScript', text: javascript(affirmed) },
  { title: 'Python', what: 'the Python', text: python(affirmed) },
  { title: 'R', what: 'the R', text: r(affirmed) },
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
