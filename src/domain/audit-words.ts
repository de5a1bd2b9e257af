import { type Change, changedFields, type Snapshot } from './audit.ts'

/** Actions that a verb and a noun do not say. */
const WHOLE: Readonly<Record<string, (subject: string) => string>> = {
  'affirmation.withdraw': (event) => `took back an affirmation of ${event}`,
  'person.invite': (role) => `invited somebody as ${role}`,
  'person.join': (name) => `joined as ${name}`,
  'person.password': (name) => `chose a new password for ${name}`,
  'person.password-link': (name) => `made a link for a new password of ${name}`,
  'person.role': (name) => `changed what ${name} may do`,
  'person.end': (name) => `ended the access of ${name}`,
  'session.end': (name) => `signed ${name} out elsewhere`,
  'places.push': (repo) => `said where in the code of ${repo} events are affirmed`,
  'places.forget': (repo) => `forgot the places in the code of ${repo}`,
  'link.withdraw': (what) => `withdrew a link: ${what}`,
}

/** Verbs that do not follow the rule. */
const PAST: Readonly<Record<string, string>> = {
  make: 'made',
  plan: 'planned',
  clear: 'cleared all affirmations of',
  'sign-in': 'signed in',
  withdraw: 'withdrew',
}
const pastOf = (verb: string): string => PAST[verb] ?? `${verb}${verb.endsWith('e') ? 'd' : 'ed'}`

const LONGEST_SAID = 80

/** A value in a sentence: short, on one line, and `none` rather than nothing. */
export function valueInWords(value: unknown): string {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string')
  const text = isList ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const line = text.replace(/\s+/g, ' ')
  return line.length <= LONGEST_SAID ? line : `${line.slice(0, LONGEST_SAID).replace(/\p{Cs}$/u, '')}…`
}

/** `timeZone` → `time zone`. */
const fieldInWords = (field: string): string => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function differences(before: Snapshot, after: Snapshot): string {
  return changedFields(before, after)
    .map((field) => `${fieldInWords(field)} ${valueInWords(before[field])} → ${valueInWords(after[field])}`)
    .join(', ')
}

/** What was done, to follow on who did it: "changed expectation 12 of etl: lookback 20m → 30m". */
export function changeInWords({
  action,
  subject,
  before,
  after,
}: Pick<Change, 'action' | 'subject' | 'before' | 'after'>): string {
  const [noun = action, verb = 'change'] = action.split('.')
  const of = (after ?? before)?.event
  const plain = () => `${pastOf(verb)} ${noun} ${subject}${typeof of === 'string' ? ` of ${of}` : ''}`
  const what = WHOLE[action]?.(subject) ?? plain()
  const isToggle = verb === 'pause' || verb === 'resume'
  const differing = before === null || after === null || isToggle ? '' : differences(before, after)
  return differing === '' ? what : `${what}: ${differing}`
}
