import { listed } from '../domain/listed.ts'
import type { Message } from '../domain/message.ts'
import { iso } from '../domain/time.ts'
import { cut, linesIn, oneLine, plain } from './text.ts'

const LONGEST_TEXT = 20_000
const LONGEST_VALUE = 4_000
/** Levels of a template in JSON. */
const DEEPEST = 50

const instant = (at: number | null | undefined): string => (at === null || at === undefined ? '' : iso(at))

/** What a template can name, and how it is found. A number stays one where it stands alone in a JSON text; null is nothing. */
const FIELDS = {
  id: ({ id }) => id,
  type: ({ kind }) => kind,
  time: ({ at }) => iso(at),
  thread: ({ thread }) => thread,
  severity: ({ severity }) => severity,
  title: ({ title }) => oneLine(title),
  text: (message) => linesIn(message, LONGEST_TEXT).join('\n'),
  url: ({ url }) => url,
  more: ({ items, more }) => items.length + more,
  expectation: ({ subject }) => subject?.expectation ?? null,
  event: ({ subject }) => subject?.event ?? '',
  key: ({ subject }) => subject?.key ?? '',
  env: ({ subject }) => subject?.env ?? '',
  sentence: ({ subject }) => subject?.sentence ?? '',
  description: ({ subject }) => subject?.description ?? '',
  tags: ({ subject }) => subject?.tags.join(',') ?? '',
  incident: ({ incident }) => incident?.id ?? null,
  openedAt: ({ incident }) => instant(incident?.openedAt),
  closedAt: ({ incident }) => instant(incident?.closedAt),
  acknowledgedBy: ({ incident }) => incident?.acknowledgedBy ?? '',
  note: ({ incident }) => incident?.note ?? '',
  due: ({ verdict }) => instant(verdict?.due),
  verdict: ({ verdict }) => verdict?.verdict ?? '',
  reason: ({ verdict }) => verdict?.reason ?? '',
  observed: ({ verdict }) => verdict?.observed ?? null,
  atLeast: ({ verdict }) => verdict?.atLeast ?? null,
  atMost: ({ verdict }) => verdict?.atMost ?? null,
} as const satisfies Record<string, (message: Message) => string | number | null>

type FieldName = keyof typeof FIELDS
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[]

const PLACE = /\{\{\s*(.*?)\s*\}\}/gs
const isFieldName = (name: string): name is FieldName => Object.hasOwn(FIELDS, name)

/** The value of a field, cleaned and of bounded length. */
export function fieldIn(message: Message, name: FieldName): string | number | null {
  const value = FIELDS[name](message)
  return typeof value === 'string' ? cut(plain(value), name === 'text' ? LONGEST_TEXT : LONGEST_VALUE) : value
}

/** The text with its fields filled in, each by way of `write`. A value is never looked through for fields. */
export const filled = (template: string, message: Message, write: (value: string) => string = (value) => value): string =>
  template.replace(PLACE, (place, name: string) => (isFieldName(name) ? write(String(fieldIn(message, name) ?? '')) : place))

/** A template that begins like a JSON object or list is one; what begins with a field, or like "[prod]", is a text. */
export const isJsonTemplate = (template: string): boolean => /^\s*(\{(?!\{)|\[\s*(["[\]\d-]|\{(?!\{)))/.test(template)

/** The same for a template in JSON: fields stand in its texts, and nothing in a value can end a text. A text that is just one number's field becomes that number, or null. */
export function filledJson(template: string, message: Message): string {
  const fill = (_: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value
    const alone = /^\{\{\s*(\w+)\s*\}\}$/.exec(value)?.[1] ?? ''
    const found = isFieldName(alone) ? fieldIn(message, alone) : ''
    return typeof found === 'string' ? filled(value, message) : found
  }
  return JSON.stringify(JSON.parse(template), fill)
}

/** Null: it is none. */
function read(json: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(json) }
  } catch {
    return null
  }
}

/** What is wrong with a template in JSON; level by level: it may be nested deeper than functions can. */
function checkJson(json: unknown): string | null {
  let level = [json]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return `is nested deeper than ${DEEPEST} levels.`
    const pairs = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.entries(value) : []))
    const [field] = pairs.flatMap(([name]) => name.match(PLACE) ?? [])
    if (field !== undefined)
      return `has ${field.slice(0, 40)} in a name. Fields are filled in only after the colon: {"event": "{{event}}"}.`
    level = pairs.map(([, value]) => value as unknown)
  }
  return null
}

/** What is wrong with the fields that a template names. */
export function checkFields(template: string): string | null {
  const unknown = [...template.matchAll(PLACE)].map(([, name = '']) => name).filter((name) => !isFieldName(name))
  if (unknown.length === 0) return null
  return `names ${listed(unknown.slice(0, 5).map((name) => `{{${name.slice(0, 40)}}}`))}; there is ${listed(FIELD_NAMES)}.`
}

/** The same for the template of a body. */
export function checkBody(template: string): string | null {
  if (!isJsonTemplate(template)) return checkFields(template)
  const json = read(template)
  if (json === null) return 'begins like JSON and is none. Fields stand between quotes: {"text": "{{title}}"}.'
  return checkJson(json.value) ?? checkFields(template)
}
