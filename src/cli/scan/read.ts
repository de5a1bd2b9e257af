import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** A file of code is hardly ever this large; what is generated is. */
export const LARGEST = 16 * 1_048_576
/** As much of a file as git looks at, too, to tell whether it is text. What is read first is more: most files are read by that. */
const HEAD = 8_000
const FIRST = 65_536

export type Read = 'binary' | 'huge' | 'unreadable' | Buffer

/** Reads files into one buffer, over and over: what it gives is good until the next one. */
export function aReader(): (path: string) => Read {
  let room = Buffer.allocUnsafeSlow(1_048_576)
  return (path) => {
    let file: number
    try {
      // A pipe would be waited for, and a link may lead out of the tree.
      file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    } catch {
      return 'unreadable'
    }
    try {
      const stats = fstatSync(file)
      if (!stats.isFile()) return 'unreadable'
      if (stats.size > LARGEST) return 'huge'
      if (stats.size > room.length) room = Buffer.allocUnsafeSlow(LARGEST)
      return readInto(file, room.subarray(0, stats.size))
    } catch {
      return 'unreadable'
    } finally {
      closeSync(file)
    }
  }
}

function readInto(file: number, room: Buffer): Read {
  let length = 0
  while (length < room.length) {
    const most = length === 0 ? Math.min(FIRST, room.length) : room.length - length
    const read = readSync(file, room, length, most, length)
    if (read === 0) break
    const isFirst = length === 0
    length += read
    if (isFirst && room.subarray(0, Math.min(length, HEAD)).includes(0)) return 'binary'
  }
  return room.subarray(0, length)
}
