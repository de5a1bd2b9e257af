/** What is shown of a secret. Sent back, it means: as it was. */
export const MASK = '••••'

/** Where a secret is read when it is needed: a variable of the environment, or a file in the folder of secrets. */
export type Reference = { from: 'env' | 'file'; name: string }

/** The one that looks like a channel's secret and is none: it opens all others. */
const KEY_VARIABLE = 'AFFIRMATIVE_SECRET_KEY'
const VARIABLE = /^AFFIRMATIVE_SECRET_\w{1,100}$/
const FILE_NAME = /^[A-Za-z0-9_][\w.-]{0,127}$/

/** May a channel name this variable of the environment? */
export const isSecretVariable = (name: string): boolean => VARIABLE.test(name) && name !== KEY_VARIABLE

/** The reference that a text is; null: it is the secret itself. */
export function referenceIn(text: string): Reference | null {
  const [, from, name = ''] = /^(env|file):(.*)$/s.exec(text) ?? []
  return from === 'env' || from === 'file' ? { from, name } : null
}

/** What is wrong with a reference, in words; null when nothing is. */
export function referenceProblem({ from, name }: Reference): string | null {
  if (from === 'file')
    return FILE_NAME.test(name) ? null : 'after file: write the name of a file in the folder of secrets, without a path'
  if (name === KEY_VARIABLE) return `${KEY_VARIABLE} opens all secrets; it is none that a channel may use`
  return isSecretVariable(name) ? null : 'after env: write the name of a variable that begins with AFFIRMATIVE_SECRET_'
}
