/** Where and what the snippets affirm. The key stands in each, to be found by grep. */
type Affirmed = { baseUrl: string; eventKey: string; name: string }

/** One way of affirming: `what` completes "Copy …". */
export type Snippet = { title: string; what: string; text: string }

const CURL = 'curl -fsS -m 10 --retry 5 --retry-connrefused -o /dev/null'

const crontab = ({ baseUrl, eventKey, name }: Affirmed): string =>
  `0 3 * * * /path/to/job && ${CURL} ${baseUrl}/affirm/${eventKey} # ${name}`

const shell = ({ baseUrl, eventKey, name }: Affirmed): string => `# ${eventKey}: ${name}
/path/to/job
${CURL} ${baseUrl}/affirm/${eventKey}/$?`

const javascript = ({ baseUrl, eventKey, name }: Affirmed): string => `// ${eventKey}: ${name}
const answer = await fetch('${baseUrl}/affirm/${eventKey}', {
  method: 'POST',
  signal: AbortSignal.timeout(10_000),
})
if (!answer.ok) throw new Error(await answer.text())`

const python = ({ baseUrl, eventKey, name }: Affirmed): string => `# ${eventKey}: ${name}
from urllib.request import urlopen

urlopen("${baseUrl}/affirm/${eventKey}", timeout=10).read()`

const r = ({ baseUrl, eventKey, name }: Affirmed): string => `# ${eventKey}: ${name}
readLines("${baseUrl}/affirm/${eventKey}", warn = FALSE)`

const button = ({ baseUrl, eventKey, name }: Affirmed): string => `<!-- ${eventKey}: ${name} -->
<form method="post" action="${baseUrl}/affirm/${eventKey}">
  <button>It happened</button>
</form>`

/** Ready to paste, with nothing to install: each is plain HTTP. */
export const snippetsFor = (affirmed: Affirmed): Snippet[] => [
  { title: 'crontab, curl', what: 'the crontab line', text: crontab(affirmed) },
  { title: 'Shell, with the exit status', what: 'the shell lines', text: shell(affirmed) },
  { title: 'JavaScript', what: 'the JavaScript', text: javascript(affirmed) },
  { title: 'Python', what: 'the Python', text: python(affirmed) },
  { title: 'R', what: 'the R', text: r(affirmed) },
  { title: 'A button on a page', what: 'the button', text: button(affirmed) },
]

/** All affirmations of an event as a file, filtered as the page is. */
export function exportCommand({ baseUrl, eventKey }: Affirmed, filter: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  const url = `${baseUrl}/api/v1/events/${eventKey}/affirmations${query.size === 0 ? '' : `?${query}`}`
  return `curl -fsS -H 'accept: application/x-ndjson' '${url.replaceAll("'", '%27')}'`
}
