/** What a spreadsheet takes for a formula when a cell begins with it. */
const FORMULA = /^[=+\-@\t\r]/

const cell = (value: string): string => {
  // An apostrophe before it makes it a text to every spreadsheet (OWASP, CSV injection).
  const safe = FORMULA.test(value) ? `'${value}` : value
  return safe !== value || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One line of RFC 4180. */
export const csvLine = (values: readonly (string | number | null)[]): string =>
  `${values.map((value) => cell(value === null ? '' : String(value))).join(',')}\r\n`
