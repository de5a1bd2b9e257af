/** Addresses that mean "all of this machine's": nobody can open them elsewhere. */
const ALL = /^(0\.0\.0\.0|::)$/

/** Where a link that works once is opened: by the address that is set for people, or on this machine. */
export function welcomeUrl(publicUrl: string | null, host: string, port: number, token: string): string {
  const name = ALL.test(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${publicUrl ?? `http://${name}:${port}`}/welcome/${token}`
}
