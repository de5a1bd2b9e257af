import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anIgnore } from '../../src/cli/scan/ignore.ts'

const CASES: readonly [ignore: string, leftOut: string[], kept: string[]][] = [
  ['*.log', ['a.log', 'b/c/a.log'], ['a.log.txt', 'log']],
  ['/build', ['build', 'build/a'], ['src/build']],
  ['build/', ['build/', 'a/build/', 'a/build/b.c'], ['build']],
  ['doc/*.txt', ['doc/a.txt'], ['doc/b/a.txt', 'x/doc/a.txt']],
  ['doc/**/a.txt', ['doc/a.txt', 'doc/b/c/a.txt'], ['a.txt']],
  ['**/tmp', ['tmp', 'a/b/tmp/c'], ['tmpx']],
  ['vendor/**', ['vendor/a', 'vendor/b/c'], ['vendor']],
  ['[ab]?.c', ['ax.c', 'd/bz.c'], ['cx.c', 'a.c']],
  ['# *.c\n\\#x\n\n', ['#x'], ['a.c', ' ']],
  ['*.c\n!keep.c', ['a.c'], ['keep.c', 'd/keep.c']],
  ['out/\n!out/keep.c', ['out/keep.c'], []],
  ['a.b(c)+', ['a.b(c)+'], ['axb(c)+']],
  ['[z-a', [], ['z']],
  ['*.c\r\n', ['a.c'], []],
]
for (const [text, leftOut, kept] of CASES)
  test(`as git does: ${JSON.stringify(text)}`, () => {
    const isLeftOut = anIgnore(text)
    const ask = (path: string) => isLeftOut(path.replace(/\/$/, ''), path.endsWith('/'))
    for (const path of leftOut) assert.equal(ask(path), true, path)
    for (const path of kept) assert.equal(ask(path), false, path)
  })
