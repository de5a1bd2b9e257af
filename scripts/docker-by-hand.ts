/**
 * Does what the Dockerfile says without an engine: each stage in a folder of its own, then the image's program as it would start. What only a container
 * has – its own file system, users, Debian's packages – is left out, and said.
 */
import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { copyOf, ourStages, type Stage } from '../test/support/dockerfile.ts'

const PORT = '5988'
const dir = mkdtempSync(join(tmpdir(), 'affirmative-docker-'))
const appOf = (stage: string): string => join(dir, stage, 'app')

function copy(stage: string, text: string): void {
  const { from, sources, target } = copyOf(text)
  for (const source of sources) {
    const there = from === undefined ? source : join(dir, from, source)
    const here = join(appOf(stage), target === './' ? basename(source) : target)
    cpSync(there, here, { recursive: true, verbatimSymlinks: true })
  }
}

function runHere(stage: string, text: string): void {
  if (/^apt-get |chown /.test(text)) console.log(`   left out: ${text}`)
  else execSync(text, { cwd: appOf(stage), stdio: ['ignore', 'inherit', 'inherit'] })
}

function make({ name, steps }: Stage): void {
  mkdirSync(appOf(name), { recursive: true })
  for (const step of steps) {
    console.log(`${name}: ${step.name} ${step.text}`)
    if (step.name === 'COPY') copy(name, step.text)
    if (step.name === 'RUN') runHere(name, step.text)
  }
}

const textOf = ({ steps }: Stage, wanted: string): string => steps.find(({ name }) => name === wanted)?.text ?? ''
const listOf = (stage: Stage, wanted: string): string[] => JSON.parse(textOf(stage, wanted).replace(/^.*? CMD /, '')) as string[]

/** Resolves to the exit status after SIGTERM; throws when the server is not healthy. */
async function live(image: Stage): Promise<number | null> {
  const said = Object.fromEntries(
    textOf(image, 'ENV')
      .split(' ')
      .map((one) => one.split(/=(.*)/s).slice(0, 2)),
  )
  const env = { ...said, PATH: process.env.PATH, PORT, DATABASE_URL: `file:${join(dir, 'a.db')}` }
  const [program = '', ...args] = [...listOf(image, 'ENTRYPOINT'), ...listOf(image, 'CMD')]
  const child = spawn(program, args, { cwd: appOf(image.name), env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const [shell = '', ...health] = listOf(image, 'HEALTHCHECK')
  const { status } = spawnSync(shell, health, { env, stdio: 'inherit' })
  child.kill('SIGTERM')
  if (status !== 0) throw new Error(`The health command of the image ended with ${status}.`)
  return await ended
}

try {
  const stages = ourStages()
  for (const stage of stages) make(stage)
  const image = stages.at(-1)
  if (image === undefined) throw new Error('The Dockerfile has no stage.')
  console.log(`the server started, was healthy and ended with ${await live(image)} by SIGTERM`)
  console.log(
    `the image has, above that of node: ${execFileSync('du', ['-sh', appOf(image.name)], { encoding: 'utf8' }).split('\t')[0]}`,
  )
} finally {
  rmSync(dir, { recursive: true, force: true })
}
