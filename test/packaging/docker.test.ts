import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { copyOf, DOCKERFILE, ourStages, type Stage } from '../support/dockerfile.ts'

const stages = ourStages()
const image: Stage = stages.at(-1) ?? assert.fail('there is no stage')
const copies = ({ steps }: Stage) => steps.filter(({ name }) => name === 'COPY').map(({ text }) => copyOf(text))
const oneOf = (name: string): string => image.steps.find((step) => step.name === name)?.text ?? assert.fail(`no ${name}`)
const environment = Object.fromEntries(
  oneOf('ENV')
    .split(' ')
    .map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
)

/** Starts a program as process 1 of its own, as in a container; null where this machine does not let us. */
const canBeFirst = (): boolean => spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0

describe('the Dockerfile', () => {
  test('copies what is there, and .dockerignore lets it through and nothing else', () => {
    const wanted = stages.flatMap(copies).flatMap(({ from, sources }) => (from === undefined ? sources : []))
    assert.deepEqual(
      wanted.filter((source) => !existsSync(source)),
      [],
    )
    const [first, ...allowed] = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    assert.equal(first, '*')
    assert.deepEqual(allowed.sort(), [...new Set(wanted.map((source) => `!${source}`))].sort())
  })

  test('says at its head what README says: only this machine reaches the port, and the address is told', () => {
    const head = readFileSync(DOCKERFILE, 'utf8').split('\n\n')[0] ?? ''
    const commands = [...head.matchAll(/^# (docker .+)$/gm)].map(([, command = '']) => command)
    assert.equal(commands.length, 2)
    const readme = readFileSync('README.md', 'utf8').split('\n')
    for (const command of commands) assert.ok(readme.includes(command), command)
    assert.match(commands[1] ?? '', /-p 127\.0\.0\.1:5123:5123 .*-e AFFIRMATIVE_URL=/)
  })

  test('takes from other stages only what they have', () => {
    const names = stages.map(({ name }) => name)
    for (const { from } of copies(image)) assert.ok(from === undefined || names.includes(from), from)
  })

  test('has in its image all that the program reads when it runs', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
    const there = copies(image).map(({ sources, target }) => (target === './' ? sources.join() : target))
    for (const folder of files.filter((name) => /^\w+$/.test(name) && name !== 'packaging'))
      assert.ok(there.includes(folder), folder)
  })

  test('runs as nobody in particular, keeps its data in a volume, and listens where others reach it', () => {
    assert.equal(oneOf('USER'), 'node')
    assert.equal(oneOf('VOLUME'), '/data')
    assert.equal(oneOf('EXPOSE'), environment.PORT)
    assert.equal(environment.HOST, '0.0.0.0')
    assert.match(environment.DATABASE_URL ?? '', /^file:\/data\//)
  })

  const skip = canBeFirst() ? false : 'this machine does not let us have a process 1 of our own'
  test('the server asks who you are, is healthy by the command of the image, and obeys SIGTERM as process 1', {
    skip,
  }, async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'affirmative-docker-'))
    const env = { ...environment, PATH: process.env.PATH ?? '', PORT: '0', DATABASE_URL: `file:${join(dir, 'a.db')}` }
    const [program = '', ...args] = JSON.parse(oneOf('ENTRYPOINT')) as string[]
    const command = [program, ...args, ...(JSON.parse(oneOf('CMD')) as string[])]
    // The shell is forked to be process 1, and becomes the program.
    const child = spawn(
      'unshare',
      ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', 'exec "$@"', 'sh', ...command],
      {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    t.after(() => child.kill('SIGKILL'))
    t.after(() => rmSync(dir, { recursive: true }))
    let log = ''
    const linked = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        log += chunk.toString()
        if (log.includes('"link"')) resolve()
      })
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    await Promise.race([linked, ended])
    const [, port = ''] = /"link":"http:\/\/localhost:(\d+)\/welcome\//.exec(log) ?? assert.fail(log)
    const [shell = '', ...health] = JSON.parse(oneOf('HEALTHCHECK').replace(/^.*? CMD /, '')) as string[]
    assert.equal(spawnSync(shell, health, { env: { ...env, PORT: port } }).status, 0)
    assert.equal(spawnSync(shell, health, { env: { ...env, PORT: '1' } }).status, 1)
    const [server] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
    process.kill(Number(server), 'SIGTERM')
    assert.equal(await ended, 0)
  })
})
