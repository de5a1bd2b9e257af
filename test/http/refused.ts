import assert from 'node:assert/strict'
import { STATUS_CODES } from 'node:http'
import { after, before, test } from 'node:test'
import { type Answer, type Api, anApi, type Problem } from '../support/api.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { aWorld, type World } from '../support/world.ts'
import { NOW } from './fresh.ts'

/** `fields`: the paths in `errors`, in any order; each is named by the sentence, too. */
export type Refusal = { status: number; says: RegExp; fields?: readonly string[] }

/** A problem of RFC 9457 to the letter of the contract: `{type,title,status,detail,errors?:[{path,detail}]}`. */
export function assertRefused(answer: Answer<unknown>, { status, says, fields }: Refusal): void {
  const problem = answer.body as Problem
  assert.equal(answer.status, status, JSON.stringify(answer.body).slice(0, 1_000))
  assert.equal(answer.type, 'application/problem+json')
  assert.equal(problem.status, status)
  assert.equal(problem.title, STATUS_CODES[status])
  assert.equal(typeof problem.type, 'string')
  assert.match(problem.detail, says)
  assert.doesNotMatch(JSON.stringify(problem), /node_modules|\.ts:\d|at async|SQLITE|undefined|\[object/)
  for (const { path, detail } of problem.errors ?? []) {
    assert.ok(detail.length > 5, `errors of ${path} say something`)
    assert.ok(problem.detail.includes(path), `the sentence names ${path}: ${problem.detail}`)
  }
  if (fields !== undefined) assert.deepEqual(problem.errors?.map(({ path }) => path).sort(), [...fields].sort())
}

export type Known = {
  world: World
  api: Api
  /** A test whose work must leave all lists as they were. */
  unchanged(name: string, work: () => Promise<void>): void
}

/** The event `known` (key `af_Known123`, one affirmation), expectation 1 of it, and the event `second`. One world for the whole suite. */
export function known(): Known {
  let engine: TestEngine
  const made = {
    unchanged: (name, work) =>
      test(name, async () => {
        const was = await everything(made.api)
        await work()
        assert.deepEqual(await everything(made.api), was)
      }),
  } as Pick<Known, 'unchanged'> as Known
  before(async () => {
    engine = await startEngine('sqlite')
    made.world = aWorld(await engine.open(), NOW)
    made.api = anApi(made.world)
    await made.api.send('POST', '/api/v1/events', { name: 'known', key: 'af_Known123' })
    await made.api.send('POST', '/api/v1/events', { name: 'second' })
    await made.api.send('POST', '/api/v1/expectations', { event: 'known', schedule: '* * * * *' })
    await made.world.affirm('known', { value: 'kept' })
  })
  after(() => engine.stop())
  return made
}

const everything = async (api: Api): Promise<string[]> => {
  const paths = ['events', 'expectations', 'verdicts', 'incidents', 'events/known/affirmations', 'events/second/affirmations']
  const answers = await Promise.all(paths.map((path) => api.get(`/api/v1/${path}`)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    paths.map(() => 200),
  )
  return answers.map(({ body }) => JSON.stringify(body))
}
