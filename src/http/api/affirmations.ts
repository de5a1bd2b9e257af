import { type Context, Hono } from 'hono'
import { aDocumentCutter, aLineCutter, type Cutter } from '../../domain/cutter.ts'
import { Fault } from '../../domain/fault.ts'
import { holdsDelicateNumbers, keepJson, rawMember } from '../../domain/json.ts'
import type { Millis } from '../../domain/time.ts'
import type { Affirming, Asked } from '../../services/affirm.ts'
import type { Tally } from '../../services/affirm-batch.ts'
import { tooMuch } from '../../services/group-commit.ts'
import { aTextReader, isJson, mediaType, parseJson, readPieces } from '../body.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { problemOf } from '../problem.ts'
import { checked, type Reading, readAsked, type Value } from '../schema/affirmation.ts'
import type { Services } from '../services.ts'

const LARGEST_BODY = 16 * 1_048_576
const MOST_BEING_READ = 4 * LARGEST_BODY
const MOST_ELEMENTS = 10_000
const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines']

type AffirmContext = Context<{ Bindings: Bindings }>

const tooMany = (): Fault =>
  new Fault(
    'too-large',
    `More than ${MOST_ELEMENTS.toLocaleString('en')} affirmations are not taken at once. Nothing was stored; send them in parts.`,
  )

/** A value with all its digits, as the client wrote it. */
function keptValue(text: string, element: unknown): Value {
  const value = typeof element === 'object' && element !== null ? (element as { value?: unknown }).value : undefined
  if (value === undefined || value === null) return null
  return checked(keepJson(value, holdsDelicateNumbers(text) ? () => rawMember(text, 'value') : null))
}

/** One affirmation by its JSON text; what is no JSON throws. */
function readOne(text: string, what: string, reading: Reading): Asked | Fault {
  const element = parseJson(text, what)
  return readAsked(element, keptValue(text, element), reading)
}

/** A line that is no JSON spoils only itself. */
function readLine(text: string, reading: Reading): Asked | Fault {
  try {
    return readOne(text, 'This line', reading)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** How a body is cut into affirmations and each of them read. */
type Form = { cutter: Cutter; isMany: () => boolean; read: (text: string) => Asked | Fault }

function formOf(c: AffirmContext, reading: Reading): Form {
  const type = mediaType(c.req.header('content-type'))
  const isLines = NDJSON.includes(type.type)
  if (!(isLines || isJson(type)) || (type.charset !== null && type.charset !== 'utf-8'))
    throw new Fault(
      'unsupported',
      `The content type ${type.type || '(none)'} is not understood here. Send content-type: application/json or application/x-ndjson, in UTF-8.`,
    )
  if (isLines) return { cutter: aLineCutter(), isMany: () => true, read: (text) => readLine(text, reading) }
  const cutter = aDocumentCutter()
  return { cutter, isMany: cutter.isList, read: (text) => readOne(text, 'The body', reading) }
}

const isBad = ({ code }: Fault): boolean => code === 'invalid' || code === 'not-found'

/** One alone that was not stored is no success: a problem, with the tally beside it. */
async function affirmOne({ affirm }: Affirming, only: Asked | Fault, now: Millis): Promise<Tally | Response> {
  try {
    if (only instanceof Fault) throw only
    const answer = await affirm(only, now)
    return { accepted: answer === 'stored' ? 1 : 0, duplicates: answer === 'stored' ? 0 : 1, rejected: [] }
  } catch (error) {
    if (!(error instanceof Fault && isBad(error))) throw error
    return problemOf(error, { accepted: 0, duplicates: 0, rejected: [{ index: 0, detail: error.message }] })
  }
}

/** Bodies that are being read, weighed together: memory stays bounded however many send at once. */
function aWeighing() {
  let weight = 0
  return async (c: AffirmContext, work: (texts: AsyncIterable<string>) => Promise<Response>): Promise<Response> => {
    let mine = 0
    async function* texts() {
      const textOf = aTextReader()
      for await (const piece of readPieces(c, LARGEST_BODY)) {
        mine += piece.byteLength
        weight += piece.byteLength
        if (weight > MOST_BEING_READ) throw tooMuch()
        yield textOf(piece)
      }
      yield textOf(undefined)
    }
    return work(texts()).finally(() => {
      weight -= mine
    })
  }
}

/** One affirmation, a list of them, or one a line. A bad element of several is told by its index and the others are kept. */
export function affirmationsRoutes({ affirming, clock, settings }: Services): Hono<{ Bindings: Bindings }> {
  const reading = aWeighing()
  return new Hono<{ Bindings: Bindings }>().post('/affirmations', (c) => {
    const now = clock.now()
    const peer = peerOf(c, settings.trustedProxies)
    const { cutter, isMany, read } = formOf(c, { peer, wrongIn: (asked) => affirming.wrongIn(asked, now) })
    const batch = affirming.batch(now)
    let taken = 0
    const take = (parts: readonly string[]): void => {
      taken += parts.length
      if (taken > MOST_ELEMENTS) throw tooMany()
      for (const part of parts) batch.add(read(part))
    }
    return reading(c, async (texts) => {
      for await (const text of texts) take(cutter.push(text))
      const last = cutter.end()
      if (isMany()) {
        take(last)
        return c.json(await batch.store())
      }
      const answer = await affirmOne(affirming, read(last.join('')), now)
      return answer instanceof Response ? answer : c.json(answer)
    })
  })
}
