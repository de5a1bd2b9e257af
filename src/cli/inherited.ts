import { readdirSync, readlinkSync } from 'node:fs'

const OURS = 'anon_inode:'
const FIRST = 3

function linkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    // That by which the folder was read.
    return OURS
  }
}

function openHere(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number)
  } catch {
    return []
  }
}

/**
 * File descriptors from 3 on that whoever started us left open, where the system tells: Node.js closes them for what it starts. The first of its own
 * is an epoll, so what is below it was there before. Above it, its own are anonymous or both ends of a pipe.
 */
export function inheritedFds(): number[] {
  const links = new Map(
    openHere()
      .filter((fd) => fd >= FIRST)
      .sort((a, b) => a - b)
      .map((fd) => [fd, linkOf(fd)]),
  )
  const firstOwn = [...links].find(([, link]) => link === 'anon_inode:[eventpoll]')?.[0] ?? Number.POSITIVE_INFINITY
  const ends = [...links.values()]
  const isWholePipe = (link: string) => link.startsWith('pipe:') && ends.indexOf(link) !== ends.lastIndexOf(link)
  return [...links].filter(([fd, link]) => fd < firstOwn || !(link.startsWith(OURS) || isWholePipe(link))).map(([fd]) => fd)
}
