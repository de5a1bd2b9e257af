/** Addresses that mean "all of this machine's": nobody can open them elsewhere. */
const ALL = /^(0\.0\.0\.0|::)$/

/** Where people reach this server: by the address that is set for them, or on this machine. */
export function publicAddress(publicUrl: string | null, host: string, port: number): string {
  const name = ALL.test(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return publicUrl ?? `http://${name}:${port}`
}

/** Where a link that works once is opened. */
export const welcomeUrl = (publicUrl: string | null, host: string, port: number, token: string): string =>
  `${publicAddress(publicUrl, host, port)}/welcome/${token}`
