import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { isAbsolute, resolve } from 'node:path'
import type { ProgramRequest, Sent } from '../../domain/message.ts'
import { type Duration, SECOND } from '../../domain/time.ts'

/** `commands`: what may be run, as absolute paths. `patience`: how long one may take. `stopped`: ends what is running. */
export type ProgramWays = { commands: ReadonlySet<string>; patience?: Duration; stopped?: AbortSignal }

export type RunProgram = (request: ProgramRequest) => Promise<Sent>

const PATIENCE = 30 * SECOND
/** How long what it wrote is waited for when it has ended: somebody else may hold its output open. */
const LAST_WORDS = SECOND / 4
const MOST_SAID = 4 * 1024
/** Nothing of the server's own: there are secrets in it. */
const SURROUNDINGS = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' }
/**
 * Exit statuses that no other try changes: sysexits.h says so of 64–68 (the call, its data or whom it is for is wrong), 77 (may not) and 78 (is
 * configured wrongly), the shell of 126 (cannot be run) and 127 (not found). Any other may pass, 75 (EX_TEMPFAIL) as well as 1: a script ends with it
 * whatever the trouble is, most often that of the network, and a message that is told twice is better than a lost one.
 */
const HOPELESS = [64, 65, 66, 67, 68, 77, 78, 126, 127]
/** What the system says when there is no such program, it may not be run or is none, or the call is too large. */
const UNRUNNABLE = ['ENOENT', 'EACCES', 'EPERM', 'ENOEXEC', 'ENOTDIR', 'ELOOP', 'E2BIG', 'ERR_INVALID_ARG_VALUE']

/**
 * Runs one program of the operator's list, without a shell, with the message as its input. It and whatever it started end with it, at the latest when its
 * time is over. Exit status 0 means that the message is there. Resolves whatever happens.
 */
export function aProgram(ways: ProgramWays): RunProgram {
  return async (request) => {
    // Compared as they are written: following links would allow the shell where a link to the program that is the shell, too, is listed.
    const path = resolve(request.program)
    if (!isAbsolute(request.program) || !ways.commands.has(path))
      return { kind: 'never', said: `${request.program} is not in AFFIRMATIVE_COMMANDS, the list of what may be run` }
    try {
      return await run(path, request, ways)
    } catch (error) {
      return unrunnable(request.program, error)
    }
  }
}

async function run(path: string, request: ProgramRequest, ways: ProgramWays): Promise<Sent> {
  const { patience = PATIENCE, stopped } = ways
  const late = AbortSignal.timeout(patience)
  const until = stopped === undefined ? late : AbortSignal.any([late, stopped])
  const child = spawn(path, [...request.args], {
    cwd: '/',
    env: { ...SURROUNDINGS, ...request.env },
    shell: false,
    // A process group of its own, so that all of it can be ended.
    detached: true,
    stdio: 'pipe',
  })
  const said = listenTo(child)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  // Who does not read its input breaks the pipe; how it ends tells the rest.
  child.stdin.on('error', () => undefined).end(request.input)
  try {
    const ended = (await once(child, 'exit', { signal: until })) as [number | null, NodeJS.Signals | null]
    endGroup(child)
    await Promise.race([closed, once(AbortSignal.timeout(LAST_WORDS), 'abort')])
    return became(ended, said())
  } catch (error) {
    if (!until.aborted) throw error
    endGroup(child)
    return {
      kind: 'again',
      said: told(late.aborted ? `ended after ${patience / SECOND} s` : 'ended with the server', said()),
      after: null,
    }
  } finally {
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

/** The beginning of what it writes, on either way. The rest is read and dropped: it would wait for us otherwise. */
function listenTo({ stdout, stderr }: ChildProcess): () => string {
  let heard = Buffer.alloc(0)
  const hear = (chunk: Buffer) => {
    if (heard.length < MOST_SAID) heard = Buffer.concat([heard, chunk]).subarray(0, MOST_SAID)
  }
  stdout?.on('data', hear)
  stderr?.on('data', hear)
  return () => heard.toString().trim()
}

/** Also when the program itself has ended: what it left behind would pile up with every message. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody was left.
  }
}

const told = (how: string, said: string): string => (said === '' ? how : `${how}: ${said}`)

function became([status, signal]: [number | null, NodeJS.Signals | null], words: string): Sent {
  const said = told(status === null ? `ended by ${signal}` : `exit status ${status}`, words)
  if (status === 0) return { kind: 'sent', said }
  return status !== null && HOPELESS.includes(status) ? { kind: 'never', said } : { kind: 'again', said, after: null }
}

function unrunnable(program: string, error: unknown): Sent {
  const code = String((error as { code?: unknown }).code ?? '')
  const said = `${program} could not be run${code === '' ? '' : ` (${code})`}`
  return UNRUNNABLE.includes(code) ? { kind: 'never', said } : { kind: 'again', said, after: null }
}
