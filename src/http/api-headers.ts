/** What stands above every answer to a program: no cache keeps it, and no browser takes it for a page. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}
