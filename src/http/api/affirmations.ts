import { type Context, Hono } from 'hono'
import { Fault } from '../../domain/fault.ts'
import { compact, holdsDelicateNumbers, rawElements, rawMember } from '../../domain/json.ts'
import type { Asked } from '../../services/affirm.ts'
import { isJson, mediaType, parseJson, readBytes, textOf } from '../body.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { problemOf } from '../problem.ts'
import { readAsked } from '../schema/affirmation.ts'
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

/** The JSON text of an element's value. `raw` gives the source of it; null when no number in the document is delicate. */
function jsonOf(element: unknown, raw: (() => string | undefined) | null): string | null {
  const value = typeof element === 'object' && element !== null ? (element as { value?: unknown }).value : undefined
  if (value === undefined || value === null) return null
  return raw === null ? JSON.stringify(value) : compact(raw() ?? 'null')
}

/** One object as the client wrote it. */
function fromObject(text: string, element: unknown, peer: string): Element {
  const raw = holdsDelicateNumbers(text) ? () => rawMember(text, 'value') : null
  return readAsked(element, jsonOf(element, raw), peer)
}

function fromList(text: string, list: readonly unknown[], peer: string): Element[] {
  if (list.length > MOST_ELEMENTS) throw tooMany()
  const raws = holdsDelicateNumbers(text) ? rawElements(text) : null
  return list.map((element, i) => readAsked(element, jsonOf(element, raws && (() => rawMember(raws[i] ?? '{}', 'value'))), peer))
}

function fromLine(line: string, peer: string): Element {
  try {
    return fromObject(line, parseJson(line, 'This line'), peer)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

function fromJson(text: string, peer: string): { elements: Element[]; isOne: boolean } {
  const document = parseJson(text)
  if (Array.isArray(document)) return { elements: fromList(text, document, peer), isOne: false }
  return { elements: [fromObject(text, document, peer)], isOne: true }
}

function fromLines(text: string, peer: string): Element[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length > MOST_ELEMENTS) throw tooMany()
  return lines.map((line) => fromLine(line, peer))
}

async function readElements(c: Context<{ Bindings: Bindings }>, peer: string): Promise<{ elements: Element[]; isOne: boolean }> {
  const type = mediaType(c.req.header('content-type'))
  const isLines = NDJSON.includes(type.type)
  if (!(isLines || isJson(type)) || (type.charset !== null && type.charset !== 'utf-8'))
    throw new Fault(
      'unsupported',
      `The content type ${type.type || '(none)'} is not understood here. Send content-type: application/json or application/x-ndjson, in UTF-8.`,
    )
  const text = textOf(await readBytes(c, LARGEST_BODY))
  return isLines ? { elements: fromLines(text, peer), isOne: false } : fromJson(text, peer)
}

/** One affirmation, a list of them, or one a line. A bad element of several is told by its index and the others are kept. */
export function affirmationsRoutes({ affirming, clock, settings }: Services): Hono<{ Bindings: Bindings }> {
  return new Hono<{ Bindings: Bindings }>().post('/affirmations', async (c) => {
    const { elements, isOne } = await readElements(c, peerOf(c, settings.trustedProxies))
    const [only] = elements
    const tally = await affirming.affirmAll(elements, clock.now())
    const [rejected] = tally.rejected
    // One alone that was not stored is no success.
    if (isOne && rejected !== undefined)
      return problemOf(only instanceof Fault ? only : new Fault('invalid', rejected.detail), tally)
    return c.json(tally)
  })
}
