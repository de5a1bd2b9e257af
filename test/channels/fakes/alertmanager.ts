import * as v from 'valibot'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, webUrl, wrongIn } from './strict.ts'

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const value = v.pipe(
  v.string(),
  v.check((text) => !/\p{Surrogate}/u.test(text), 'invalid label value'),
)
const labelSet = v.record(v.pipe(v.string(), v.regex(LABEL, 'invalid label name')), value)
const instant = v.pipe(v.string(), v.isoTimestamp())
const alert = v.pipe(
  v.strictObject({
    labels: v.pipe(
      labelSet,
      v.check((labels) => Object.values(labels).some((text) => text !== ''), 'at least one label pair required'),
      v.check((labels) => Object.values(labels).every((text) => !/(?!\n)\p{Cc}/u.test(text)), 'hidden characters in a label'),
    ),
    annotations: labelSet,
    startsAt: instant,
    endsAt: instant,
    generatorURL: webUrl(),
  }),
  v.check(({ startsAt, endsAt }) => Date.parse(startsAt) <= Date.parse(endsAt), 'start time must be before end time'),
)

/** POST /api/v2/alerts, after api/v2/openapi.yaml of Alertmanager and what its alerts are checked for. It may be behind a path. */
export const alertmanagerFake: Fake = (request) => {
  if (!pathOf(request).endsWith('/api/v2/alerts'))
    return answered(404, { code: 404, message: `path ${pathOf(request)} was not found` })
  const document = jsonIn(request)
  if (document === undefined) return answered(415, { code: 415, message: 'unsupported media type' })
  const wrong = wrongIn(v.array(alert), document)
  return wrong === null ? answered(200, '') : answered(400, JSON.stringify(wrong.message))
}
