/** Later ones hold the words of earlier ones: Edge says Chrome, Chrome says Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

const first = (list: typeof BROWSERS, agent: string): string | undefined => list.find(([shape]) => shape.test(agent))?.[1]

/** What a browser calls itself, as people call it: `Firefox on Linux`. Whoever lies to us is believed. */
export function browserInWords(agent: string): string {
  const [browser, system] = [first(BROWSERS, agent), first(SYSTEMS, agent)]
  if (browser === undefined) return system ?? (agent.slice(0, 40) || 'unknown')
  return system === undefined ? browser : `${browser} on ${system}`
}
