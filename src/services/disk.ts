import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Disk } from '../domain/self.ts'

/** The disk that the data lies on, by the database's address; null where that is another server's. */
export function diskOf(databaseUrl: string): (() => Promise<Disk>) | null {
  if (!databaseUrl.startsWith('file:')) return null
  const folder = dirname(resolve(databaseUrl.slice('file:'.length)))
  return async () => {
    // `bavail`: what is left to those who are not root.
    const { bavail, blocks, bsize } = await statfs(folder)
    return { free: bavail * bsize, of: blocks * bsize }
  }
}
