import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The end that a command writes into, and the one that we read. `close` gives our hold of the first away once the command has it. */
export type Pipe = { end: number; reader: Socket; close(): void }

/**
 * A pipe as a shell would make it. What Node.js makes by itself are sockets: a command cannot open those again as /dev/stdout, nor be given
 * one for both of its outputs, which would come in another order then. Null where the system has no `mkfifo`.
 */
export function aPipe(): Pipe | null {
  const folder = mkdtempSync(join(tmpdir(), 'affirmative-'))
  try {
    const path = join(folder, 'pipe')
    if (spawnSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' }).status !== 0) return null
    const out = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const end = openSync(path, constants.O_WRONLY)
    return { end, reader: new Socket({ fd: out, readable: true, writable: false }), close: () => closeSync(end) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
