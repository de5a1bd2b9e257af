import type { ProgramRequest } from '../../../src/domain/message.ts'

const LONGEST = 128 * 1_024 - 1
const STRICT_NAME = /^AFFIRMATIVE_MESSAGE_[A-Z_]+$/

/** What a system would not start a program with, or what would not arrive as it was meant; null when nothing is wrong. */
export function wrongWithProgram({ program, args, env, input }: ProgramRequest): string | null {
  if (!program.startsWith('/')) return 'no whole path'
  const passed = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]
  if (passed.some((text) => text.includes('\0'))) return 'NUL in an argument'
  if (passed.some((text) => Buffer.byteLength(text) > LONGEST)) return 'argument list too long'
  if (passed.reduce((sum, text) => sum + Buffer.byteLength(text) + 9, 0) > 1_000_000) return 'argument list too long'
  const odd = Object.keys(env).find((name) => !STRICT_NAME.test(name))
  if (odd !== undefined) return `variable ${odd}`
  return typeof JSON.parse(input) === 'object' ? null : 'no JSON on standard input'
}
