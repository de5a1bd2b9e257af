import { type Context, Hono } from 'hono'
import { LARGEST_VALUE } from '../../domain/affirmation.ts'
import { aDocumentCutter, aLineCutter, type Cutter } from '../../domain/cutter.ts'
import { Fault, invalid } from '../../domain/fault.ts'
import { holdsDelicateNumbers, keepJson, plainLength, rawMember } from '../../domain/json.ts'
import type { Millis } from '../../domain/time.ts'
import type { Asked } from '../../services/affirm.ts'
import type { Tally } from '../../services/affirm-batch.ts'
import { actorIn } from '../access.ts'
import { aTextReader, isJson, mediaType, parseJson, readPieces } from '../body.ts'
import { keptToEnv } from '../key-env.ts'
import { signedByNobody } from '../key-source.ts'
import { type Bindings, peerOf } from '../peer.ts'
import { problemOf } from '../problem.ts'
import { checked, type Reading, readAsked, VALUE_RULE, type Value } from '../schema/affirmation.ts'
import type { Services } from '../services.ts'

const LARGEST_BODY = 16 * 1_048_576
const MOST_BEING_READ = 4 * LARGEST_BODY
const SMALL_BODY = 65_536
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

/** No affirmation that is taken comes near to this, written plainly. */
const LARGEST_ELEMENT = 4 * LARGEST_VALUE

/** One affirmation by its JSON text; what is no JSON throws. Megabytes are not parsed to be refused: that would hold everybody up, and take gigabytes. */
function readOne(text: string, what: string, reading: Reading): Asked | Fault {
  if (text.length > LARGEST_ELEMENT && plainLength(text, LARGEST_ELEMENT) > LARGEST_ELEMENT)
    return invalid([{ path: 'value', detail: VALUE_RULE }])
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
async function affirmOne({ affirming, vitals }: Services, only: Asked | Fault, now: Millis): Promise<Tally | Response> {
  try {
    if (only instanceof Fault) throw only
    const answer = await affirming.affirm(only, now)
    return { accepted: answer === 'stored' ? 1 : 0, duplicates: answer === 'stored' ? 0 : 1, rejected: [] }
  } catch (error) {
    if (!(error instanceof Fault && isBad(error))) throw error
    vitals.notTaken(error, 1)
    return problemOf(error, { accepted: 0, duplicates: 0, rejected: [{ index: 0, detail: error.message }] })
  }
}

const busy = (): Fault =>
  new Fault(
    'over-capacity',
    'Too many large bodies are being read. Nothing of this one was stored; send it again in a few seconds.',
  )

/**
 * Large bodies that are being read, weighed together: memory stays bounded however many send at once. One that says how long it is gets its
 * room before it is read, or is refused before it is sent; small ones need none, so that slow senders of large ones cannot shut them out.
 */
function aWeighing() {
  let weight = 0
  return async (c: AffirmContext, work: (texts: AsyncIterable<string>) => Promise<Response>): Promise<Response> => {
    let [mine, read] = [0, 0]
    const reserve = (size: number): void => {
      if (size <= SMALL_BODY || size <= mine) return
      if (weight + size - mine > MOST_BEING_READ) throw busy()
      weight += size - mine
      mine = size
    }
    async function* texts() {
      const textOf = aTextReader()
      for await (const piece of readPieces(c, LARGEST_BODY)) {
        read += piece.byteLength
        reserve(read)
        yield textOf(piece)
      }
      yield textOf(undefined)
    }
    try {
      reserve(Math.min(LARGEST_BODY, Number(c.req.header('content-length') ?? 0)))
      return await work(texts())
    } finally {
      weight -= mine
    }
  }
}

/** Nothing of it counts, as far as its sender knows; a body that was refused whole may have been counted no further than to here. */
function notStored({ vitals }: Services, error: unknown, taken: number): Response {
  vitals.notTaken(error, Math.max(1, taken))
  // What is still to be sent is not waited for.
  if (!(error instanceof Fault) || (error.code !== 'over-capacity' && error.code !== 'too-large')) throw error
  return problemOf(error, {}, { connection: 'close' })
}

/** One affirmation, a list of them, or one a line. A bad element of several is told by its index and the others are kept. */
export function affirmationsRoutes(services: Services): Hono<{ Bindings: Bindings }> {
  const { affirming, clock, limits, settings, vitals } = services
  const reading = aWeighing()

  const affirmAll = (c: AffirmContext, seen: { taken: number }): Promise<Response> => {
    const now = clock.now()
    const peer = peerOf(c, settings.trustedProxies)
    limits.affirm(peer, now)
    const { cutter, isMany, ...form } = formOf(c, { peer, wrongIn: (asked) => affirming.wrongIn(asked, now) })
    const actor = actorIn(c)
    const read = (text: string) => signedByNobody(settings.auth, keptToEnv(actor, form.read(text)))
    const batch = affirming.batch(now)
    const take = (parts: readonly string[]): void => {
      seen.taken += parts.length
      if (seen.taken > MOST_ELEMENTS) throw tooMany()
      for (const part of parts) batch.add(read(part))
    }
    return reading(c, async (texts) => {
      for await (const text of texts) take(cutter.push(text))
      const last = cutter.end()
      if (isMany()) {
        take(last)
        const tally = await batch.store()
        vitals.refused += tally.rejected.length
        return c.json(tally)
      }
      const answer = await affirmOne(services, read(last.join('')), now)
      return answer instanceof Response ? answer : c.json(answer)
    })
  }

  return new Hono<{ Bindings: Bindings }>().post('/affirmations', async (c) => {
    const seen = { taken: 0 }
    try {
      return await affirmAll(c, seen)
    } catch (error) {
      return notStored(services, error, seen.taken)
    }
  })
}
