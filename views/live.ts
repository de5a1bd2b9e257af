/** A piece of a page that fetches itself anew: its own address again, of which it takes itself and what else is named. */
type Live = { url: string; id: string; others: readonly string[]; hasNav?: boolean }

/** At least this often, also when the stream of changes is cut; the script calls a page stale after 75 s. */
const EVERY = '30s'

/** The attributes of such a piece. Morphing keeps focus, scroll and what is typed; an error page is never swapped in. */
export const liveAttributes = ({ url, id, others, hasNav = true }: Live): Record<string, string> => ({
  id,
  'hx-get': url,
  'hx-trigger': `news from:#live, every ${EVERY}`,
  'hx-select': `#${id}`,
  'hx-select-oob': [...others, ...(hasNav ? ['nav'] : []), 'foot'].map((other) => `#${other}:outerMorph`).join(','),
  'hx-swap': 'outerMorph',
  // News that comes while a slow answer is on its way is asked for after it, not dropped.
  'hx-sync': 'this:queue last',
  'hx-status:4xx': 'swap:none',
  'hx-status:5xx': 'swap:none',
})
