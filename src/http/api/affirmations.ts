import { type Context, Hono } from 'hono'
import { Fault } from '../../domain/fault.ts'
import { holdsDelicateNumbers, keepJson, rawElements, rawMember } from '../../domain/json.ts'
import type { Millis } from '../../domain/time.ts'
import type { Affirming, Asked, Tally } from '../../services/affirm.ts'
import { isJson, mediaType, parseJson, readBytes, textOf } from '../body.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { problemOf } from '../problem.ts'
import { checked, type Reading, readAsked, type Value } from '../schema/affirmation.ts'
import type { Services } from '../services.ts'

const LARGEST_BODY = 16 * 1_048_576
const MOST_ELEMENTS = 10_000
const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines']

type Element = Asked | Fault

const tooMany = (): Fault =>
  new Fault(
    'too-large',
    `More than ${MOST_ELEMENTS.toLocaleString('en')} affirmations are not taken at once. Nothing was stored; send them in parts.`,
  )

/** An element's value. `raw` gives the source of it; null when no number in the document is delicate. */
function keptValue(element: unknown, raw: (() => string | undefined) | null): Value {
  const value = typeof element === 'object' && element !== null ? (element as { value?: unknown }).value : undefined
  return value === undefined || value === null ? null : checked(keepJson(value, raw))
}

/** One object as the client wrote it. */
function fromObject(text: string, element: unknown, reading: Reading): Element {
  const raw = holdsDelicateNumbers(text) ? () => rawMember(text, 'value') : null
  return readAsked(element, keptValue(element, raw), reading)
}

function fromList(text: string, list: readonly unknown[], reading: Reading): Element[] {
  if (list.length > MOST_ELEMENTS) throw tooMany()
  const raws = holdsDelicateNumbers(text) ? rawElements(text) : null
  return list.map((element, i) =>
    readAsked(element, keptValue(element, raws && (() => rawMember(raws[i] ?? '{}', 'value'))), reading),
  )
}

function fromLine(line: string, reading: Reading): Element {
  try {
    return fromObject(line, parseJson(line, 'This line'), reading)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

function fromJson(text: string, reading: Reading): { elements: Element[]; isOne: boolean } {
  const document = parseJson(text)
  if (Array.isArray(document)) return { elements: fromList(text, document, reading), isOne: false }
  return { elements: [fromObject(text, document, reading)], isOne: true }
}

function fromLines(text: string, reading: Reading): Element[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length > MOST_ELEMENTS) throw tooMany()
  return lines.map((line) => fromLine(line, reading))
}

async function readElements(
  c: Context<{ Bindings: Bindings }>,
  reading: Reading,
): Promise<{ elements: Element[]; isOne: boolean }> {
  const type = mediaType(c.req.header('content-type'))
  const isLines = NDJSON.includes(type.type)
  if (!(isLines || isJson(type)) || (type.charset !== null && type.charset !== 'utf-8'))
    throw new Fault(
      'unsupported',
      `The content type ${type.type || '(none)'} is not understood here. Send content-type: application/json or application/x-ndjson, in UTF-8.`,
    )
  const text = textOf(await readBytes(c, LARGEST_BODY))
  return isLines ? { elements: fromLines(text, reading), isOne: false } : fromJson(text, reading)
}

const isBad = ({ code }: Fault): boolean => code === 'invalid' || code === 'not-found'

/** One alone that was not stored is no success: a problem, with the tally beside it. */
async function affirmOne({ affirm }: Affirming, only: Element, now: Millis): Promise<Tally | Response> {
  try {
    if (only instanceof Fault) throw only
    const answer = await affirm(only, now)
    return { accepted: answer === 'stored' ? 1 : 0, duplicates: answer === 'stored' ? 0 : 1, rejected: [] }
  } catch (error) {
    if (!(error instanceof Fault && isBad(error))) throw error
    return problemOf(error, { accepted: 0, duplicates: 0, rejected: [{ index: 0, detail: error.message }] })
  }
}

/** One affirmation, a list of them, or one a line. A bad element of several is told by its index and the others are kept. */
export function affirmationsRoutes({ affirming, clock, settings }: Services): Hono<{ Bindings: Bindings }> {
  return new Hono<{ Bindings: Bindings }>().post('/affirmations', async (c) => {
    const now = clock.now()
    const peer = peerOf(c, settings.trustedProxies)
    const { elements, isOne } = await readElements(c, { peer, wrongIn: (asked) => affirming.wrongIn(asked, now) })
    const [only] = elements
    if (!isOne || only === undefined) return c.json(await affirming.affirmAll(elements, now))
    const answer = await affirmOne(affirming, only, now)
    return answer instanceof Response ? answer : c.json(answer)
  })
}
