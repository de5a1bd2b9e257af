import * as v from 'valibot'
import type { Millis } from '../../../src/domain/time.ts'
import type { Fake } from './serve.ts'
import { answered, jsonIn, pathOf, words, wrongIn } from './strict.ts'

export const DATADOG_KEY = 'a'.repeat(32)
const HOUR = 3_600

/** https://docs.datadoghq.com/getting_started/tagging: others are not refused, but changed without a word. */
const tags = v.array(v.pipe(words(200), v.regex(/^[\p{Ll}\p{Lo}\p{N}_\-:./]+$/u)))
/** It would tell whoever is named, or be Markdown. */
const isInert = (text: string): boolean => !/@[\w.-]|%%%/.test(text)
const inert = (most: number) => v.pipe(words(most), v.check(isInert, 'names somebody, or is Markdown'))

const eventAt = (now: number) =>
  v.strictObject({
    title: inert(500),
    text: inert(4_000),
    aggregation_key: v.optional(words(100)),
    alert_type: v.optional(v.picklist(['error', 'warning', 'info', 'success', 'user_update', 'recommendation', 'snapshot'])),
    date_happened: v.optional(v.pipe(v.number(), v.integer(), v.minValue(now - 18 * HOUR))),
    priority: v.optional(v.picklist(['normal', 'low'])),
    tags: v.optional(tags),
  })
const seriesAt = (now: number) =>
  v.strictObject({
    series: v.array(
      v.strictObject({
        metric: v.pipe(v.string(), v.regex(/^[A-Za-z][\w.]{0,199}$/)),
        type: v.picklist([0, 1, 2, 3]),
        points: v.array(
          v.strictObject({
            timestamp: v.pipe(v.number(), v.integer(), v.minValue(now - HOUR), v.maxValue(now + HOUR / 6)),
            value: v.number(),
          }),
        ),
        tags: v.optional(tags),
      }),
    ),
  })

/** Datadog's events (v1) and series (v2), https://docs.datadoghq.com/api/latest/events/post-an-event and …/metrics/submit-metrics */
export const datadogFake =
  (now: Millis): Fake =>
  (request) => {
    if (request.headers['dd-api-key'] !== DATADOG_KEY) return answered(403, { errors: ['Forbidden'] })
    const path = pathOf(request)
    if (path !== '/api/v1/events' && path !== '/api/v2/series') return answered(404, { errors: ['Not found'] })
    const document = jsonIn(request)
    const seconds = Math.floor(now / 1_000)
    const wrong = wrongIn(path === '/api/v1/events' ? eventAt(seconds) : seriesAt(seconds), document)
    if (wrong !== null) return answered(400, { errors: [`${wrong.path}: ${wrong.message}`] })
    return path === '/api/v2/series' ? answered(202, { errors: [] }) : answered(202, { status: 'ok', event: { id: 1 } })
  }
