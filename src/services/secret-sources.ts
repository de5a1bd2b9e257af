import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Fault } from '../domain/fault.ts'
import { type Reference, referenceProblem } from '../domain/secret.ts'

/** What references lead to: the variables that channels may name, and the folder of secrets; null: there is none. */
export type SecretSources = { variables: Readonly<Record<string, string>>; folder: string | null }

const MOST_BYTES = 64 * 1024
export const NO_FOLDER = 'there is no folder of secrets: AFFIRMATIVE_SECRETS_DIR has to name it'

const fault = (message: string): Fault => new Fault('unavailable', message)

/** The secret itself, as it is now. Throws a fault that names what is missing. */
export async function readSecret(reference: Reference, { variables, folder }: SecretSources): Promise<string> {
  const problem = referenceProblem(reference)
  if (problem !== null) throw fault(`${reference.from}:${reference.name} – ${problem}`)
  if (reference.from === 'env') return variableIn(reference.name, variables)
  if (folder === null) throw fault(`file:${reference.name} – ${NO_FOLDER}`)
  return fileIn(folder, reference.name)
}

function variableIn(name: string, variables: SecretSources['variables']): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (value === undefined || value === '') throw fault(`The variable ${name} is not set.`)
  return value
}

async function fileIn(folder: string, name: string): Promise<string> {
  try {
    const [home, path] = await Promise.all([realpath(folder), realpath(join(folder, name))])
    // Links inside the folder are how Kubernetes mounts secrets.
    if (!path.startsWith(home + sep)) throw fault(`The secret file ${name} leads out of the folder of secrets.`)
    return await textOf(path, name)
  } catch (error) {
    if (error instanceof Fault) throw error
    const { code } = error as NodeJS.ErrnoException
    throw fault(code === 'ENOENT' ? `The secret file ${name} is not there.` : `The secret file ${name} cannot be read (${code}).`)
  }
}

async function textOf(path: string, name: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const about = await file.stat()
    if (!about.isFile()) throw fault(`The secret file ${name} is no file.`)
    if (about.size > MOST_BYTES) throw fault(`The secret file ${name} is larger than 64 KiB.`)
    const text = await file.readFile('utf8')
    return text.replace(/\r?\n$/, '')
  } finally {
    await file.close()
  }
}
