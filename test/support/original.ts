import type { Answer, Api, Problem } from './api.ts'

type Headers = Record<string, string>

/** Posts as the original's clients and pages do: JSON to store, forms to all else. */
export function formPost(api: () => Api) {
  return {
    store: (body: { events: unknown }, headers: Headers = {}): Promise<Answer<Problem>> =>
      api().send('POST', '/affirmative/store', body, headers),
    post: <T = Problem>(path: string, fields: Record<string, string>, headers: Headers = {}): Promise<Answer<T>> =>
      api().raw(`/affirmative/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }) as Promise<Answer<unknown>> as Promise<Answer<T>>,
  }
}
