import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fstatSync } from 'node:fs'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Clock } from '../clock.ts'
import { type Duration, SECOND } from '../domain/time.ts'
import { inheritedFds } from './inherited.ts'
import { aPipe, type Pipe } from './pipe.ts'
import { aTail, type Tail } from './tail.ts'

/** How a command ended: `status` as a shell says it, 128 and the signal's number for one that was killed; `output` the last of what it wrote. */
export type Ended = { status: number; signal: NodeJS.Signals | null; output: string }
/** `over`: all that it, and what it left running, wrote has been passed on. */
export type Started = { ended: Promise<Ended>; over: Promise<unknown> }

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']
/** A terminal tells these to the whole group: a second one often means "at once". */
const BY_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const MOST_OUTPUT = 10_000
const LAST_WORDS: Duration = SECOND / 2

const isTerminal = (stream: { isTTY?: boolean }): boolean => stream.isTTY === true

function isSameFile(a: number, b: number): boolean {
  const [one, other] = [fstatSync(a), fstatSync(b)]
  return one.dev === other.dev && one.ino === other.ino && one.rdev === other.rdev
}

/** What the command is given as an output: a terminal stays one, and is not read; else what `pipe` makes. */
type Given = { stdio: 'inherit' | 'pipe' | number; pipe: Pipe | null }
const given = (stream: Writable & { isTTY?: boolean }): Given => {
  if (isTerminal(stream)) return { stdio: 'inherit', pipe: null }
  const pipe = aPipe()
  return { stdio: pipe?.end ?? 'pipe', pipe }
}

/** Passes on byte for byte. Where nobody reads any more the command learns it as it would without us, by writing. */
function passOn(from: Readable | null, to: Writable, tail: Tail): Promise<unknown> {
  if (from === null) return Promise.resolve()
  const closed = once(from, 'close').catch(() => undefined)
  from.on('data', (piece: Buffer) => tail.add(piece))
  from.on('error', () => from.destroy())
  to.on('error', () => from.destroy())
  from.pipe(to, { end: false })
  return closed
}

function forwardTo(child: ChildProcess): () => void {
  const ours = [process.stdin, process.stdout, process.stderr].some(isTerminal)
    ? FORWARDED.filter((signal) => !BY_TERMINAL.includes(signal))
    : FORWARDED
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  const ignore = () => undefined
  for (const signal of FORWARDED) process.on(signal, ours.includes(signal) ? forward : ignore)
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward).off(signal, ignore)
  }
}

/** Each at its own number. */
const asTheyAre = (fds: readonly number[]): ('ignore' | number)[] =>
  Array.from({ length: Math.max(2, ...fds) - 2 }, (_, i) => (fds.includes(i + 3) ? i + 3 : 'ignore'))

type End = Omit<Ended, 'output'>

function unstarted(program: string, { code }: NodeJS.ErrnoException, tail: Tail): End {
  const isMissing = code === 'ENOENT'
  const said = `affirmative: ${program}: ${isMissing ? 'not found' : `cannot be started (${code})`}\n`
  process.stderr.write(said)
  tail.add(Buffer.from(said))
  return { status: isMissing ? 127 : 126, signal: null }
}

const endOf = (child: ChildProcess, program: string, tail: Tail): Promise<End> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(unstarted(program, error, tail)))
    child.once('exit', (code, signal) =>
      resolve({ status: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal }),
    )
  })

/** Starts a command with our own input, outputs and environment, and passes on what it writes and what we are signalled. */
export function startCommand([program = '', ...args]: readonly string[], clock: Pick<Clock, 'sleep'>): Started {
  // Before anything else is opened, which would be taken for theirs.
  const inherited = inheritedFds()
  const out = given(process.stdout)
  const isOne = out.pipe !== null && isSameFile(1, 2)
  const err: Given = isOne ? { stdio: out.stdio, pipe: null } : given(process.stderr)
  const child = spawn(program, args, { stdio: ['inherit', out.stdio, err.stdio, ...asTheyAre(inherited)] })
  const stop = forwardTo(child)
  const tail = aTail(MOST_OUTPUT)
  const end = endOf(child, program, tail).finally(stop)
  const readers = [passOn(out.pipe?.reader ?? child.stdout, process.stdout, tail)]
  if (!isOne) readers.push(passOn(err.pipe?.reader ?? child.stderr, process.stderr, tail))
  for (const { pipe } of [out, err]) pipe?.close()
  const over = Promise.all(readers)
  const ended = async (): Promise<Ended> => {
    const how = await end
    // Its last words may still be on their way. What it left running may hold the pipe for ever: the report does not wait for that.
    await Promise.race([over, clock.sleep(LAST_WORDS)])
    return { ...how, output: tail.text() }
  }
  return { ended: ended(), over }
}
