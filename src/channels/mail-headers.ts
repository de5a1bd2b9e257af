/** What stands in a Message-ID before the @ (RFC 5322, atext): anything else as its number, so that different ids stay different. */
const atom = (id: string): string => id.replace(/[^A-Za-z0-9_-]/gu, (one) => `=${(one.codePointAt(0) ?? 0).toString(16)}=`)

/**
 * The headers by which the mails of one thread are shown together (RFC 5322, 3.6.4): each answers a mail that was never sent and has the thread's
 * name. With them what keeps other programs from answering (RFC 3834). `address`: the sender's; its domain makes the ids ours.
 */
export function mailHeaders({ id, thread }: { id: string; thread: string }, address: string): Record<string, string> {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const root = `<thread.${atom(thread)}@${domain}>`
  return {
    'Message-ID': `<${atom(id)}@${domain}>`,
    'In-Reply-To': root,
    References: root,
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'X-Affirmative-Delivery': atom(id),
  }
}
