import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json: `src/` and `dist/src/` lie at different depths, so it is searched for upwards. */
function findRoot(): string {
  let here = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(here, 'package.json'))) here = dirname(here)
  return here
}

/** Absolute path of a file that ships with the program: `inRoot('migrations', 'sqlite')`. */
export const inRoot = (...parts: string[]): string => join(findRoot(), ...parts)
