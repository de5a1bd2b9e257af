import assert from 'node:assert/strict'
import { constants } from 'node:os'
import fc from 'fast-check'
import type { Ended } from './driver.ts'

const octal = (bytes: Uint8Array): string => [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
const print = (to: 1 | 2) =>
  fc
    .tuple(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 40))
    .map(([bytes, times]) => `p '${octal(bytes)}' ${times} >&${to}`)
const end = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map((status) => `exit ${status}`),
  fc.constantFrom('TERM', 'KILL', 'INT', 'HUP', 'USR1').map((name) => `kill -${name} $$`),
)

/** A script for sh that prints any bytes to both streams, may read its input, and ends in any way. */
export const aScript = fc
  .tuple(fc.array(fc.oneof(print(1), print(2), fc.constant('cat')), { maxLength: 6 }), end)
  .map(([steps, last]) => ['p() { i=0; while [ $i -lt $2 ]; do printf "$1"; i=$((i+1)); done; }', ...steps, last].join('\n'))

/** The one that was wrapped ended and printed as the plain one; a death by signal n may be told as 128 + n, as a shell does. */
export function assertUnseen(plain: Ended, ours: Ended): void {
  const status = plain.signal === null ? plain.status : 128 + constants.signals[plain.signal]
  assert.equal(ours.status, status)
  assert.ok(plain.out.equals(ours.out), `stdout ${plain.out.length} ${ours.out.length}`)
  assert.ok(ours.err.startsWith(plain.err), 'stderr')
  assert.match(ours.err.slice(plain.err.length), /^(affirmative: [^\n]*\n)*$/)
}
