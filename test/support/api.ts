import assert from 'node:assert/strict'
import type { World } from './world.ts'

export type Problem = { type: string; title: string; status: number; detail: string; errors?: { path: string; detail: string }[] }
export type Answer<T> = { status: number; type: string; body: T; headers: Headers }

/** Speaks to the app as a client would, without a port. */
export type Api = {
  get<T = unknown>(path: string, headers?: Record<string, string>): Promise<Answer<T>>
  send<T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  raw(path: string, init: RequestInit): Promise<Answer<Problem>>
}

export function anApi(world: Pick<World, 'app'>): Api {
  const ask = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
    const response = await world.app.request(path, init)
    const type = response.headers.get('content-type') ?? ''
    const text = await response.text()
    return {
      status: response.status,
      type,
      headers: response.headers,
      body: (/[/+]json$/.test(type.split(';')[0] ?? '') ? JSON.parse(text) : text) as T,
    }
  }
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    send: (method, path, body, headers = {}) =>
      ask(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    raw: (path, init) => ask(path, init),
  }
}

/** A caller's mistake told as the contract says: problem+json whose detail names what is wrong. */
export function assertProblem(answer: Answer<unknown>, status: number, said: RegExp): void {
  const problem = answer.body as Problem
  assert.equal(answer.status, status, JSON.stringify(answer.body))
  assert.match(answer.type, /^application\/problem\+json/)
  assert.equal(problem.status, status)
  assert.ok(problem.type && problem.title && problem.detail)
  assert.match(problem.detail, said)
}
