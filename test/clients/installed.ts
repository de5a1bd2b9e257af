import { spawnSync } from 'node:child_process'

/** Why a test that needs this program cannot run here, or false. */
export function missing(program: string): string | false {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' })
  return error === undefined ? false : `${program} is not installed here`
}
