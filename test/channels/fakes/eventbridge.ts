import * as v from 'valibot'
import type { HttpAnswer } from '../../../src/domain/message.ts'
import { isSigned } from './aws-signature.ts'
import type { Fake } from './serve.ts'
import { answered, words, wrongIn } from './strict.ts'

export const AWS = {
  region: 'eu-central-1',
  accessKeyId: 'AKIDEXAMPLEEXAMPLE12',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

const MOST_BYTES = 256 * 1_024
const entry = v.strictObject({
  Source: v.pipe(words(256), v.regex(/^(?!aws\.)/)),
  DetailType: words(128),
  Detail: v.string(),
  Time: v.optional(v.number()),
  EventBusName: v.optional(v.pipe(v.string(), v.maxLength(1_600), v.regex(/^[\w.:/-]+$/))),
})
const body = v.strictObject({ Entries: v.pipe(v.array(v.record(v.string(), v.unknown())), v.minLength(1), v.maxLength(10)) })

const refused = (status: number, type: string, message: string): HttpAnswer =>
  answered(status, { __type: type, message }, { 'content-type': 'application/x-amz-json-1.1' })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function resultOf(one: unknown): object {
  const wrong = wrongIn(entry, one)
  if (wrong !== null)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${wrong.path} is not valid: ${wrong.message}` }
  const detail = parsed(v.parse(entry, one).Detail)
  const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail)
  return isObject
    ? { EventId: '11710aed-b79e-4468-a20b-bb3c0c3b4860' }
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
}

/** EventBridge's PutEvents, https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html. Requests come with their `host`. */
export const eventbridgeFake: Fake = (request) => {
  const { headers } = request
  if (!isSigned(request, AWS.secretAccessKey, { region: AWS.region, service: 'events' })) {
    return refused(
      403,
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    )
  }
  if (headers['x-amz-target'] !== 'AWSEvents.PutEvents' || headers['content-type'] !== 'application/x-amz-json-1.1') {
    return refused(400, 'UnknownOperationException', '')
  }
  const document = parsed(request.body)
  const wrong = wrongIn(body, document)
  if (wrong !== null) return refused(400, 'ValidationException', `${wrong.path}: ${wrong.message}`)
  const { Entries } = v.parse(body, document)
  if (Buffer.byteLength(JSON.stringify(Entries)) > MOST_BYTES)
    return refused(400, 'ValidationException', 'Total size of the entries in the request is over the limit.')
  const results = Entries.map(resultOf)
  return answered(200, { FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results })
}
