import * as v from 'valibot'
import type { HttpAnswer, HttpRequest } from '../../../src/domain/message.ts'

export const answered = (status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** A text as services want it: not longer, whole letters, nothing hidden. */
export const words = (most: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(most, `Must be ${most} or fewer in length.`),
    v.check((text) => !/\p{Surrogate}|(?![\n\t])\p{Cc}|\p{Bidi_Control}/u.test(text), 'holds what is not to be seen'),
  )

export const webUrl = (most = 2_048) => v.pipe(v.string(), v.maxLength(most), v.url(), v.regex(/^https?:\/\//))

/** The document that came; undefined when it is not posted as JSON. */
export function jsonIn({ method, headers, body }: HttpRequest): unknown {
  if (method !== 'POST' || !/^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '')) return undefined
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The first thing that is wrong with a document, null when nothing is. */
export function wrongIn(schema: v.GenericSchema, document: unknown): { path: string; message: string } | null {
  const { issues } = v.safeParse(schema, document)
  const issue = issues?.[0]
  return issue === undefined ? null : { path: v.getDotPath(issue) ?? '', message: issue.message }
}

export const pathOf = ({ url }: HttpRequest): string => new URL(url, 'http://fake').pathname
