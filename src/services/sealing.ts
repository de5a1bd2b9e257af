import type { Field, Values } from '../channels/kind.ts'
import type { ChannelSettings } from '../domain/channel.ts'
import { type FieldError, invalid } from '../domain/fault.ts'
import { MASK, referenceIn, referenceProblem } from '../domain/secret.ts'
import { isSealed, openText, sealText } from './secret-box.ts'
import { mapSecrets, mapSecretsInTime, type SecretText, secretsIn, shifted } from './secret-fields.ts'
import { NO_FOLDER, readSecret, type SecretSources } from './secret-sources.ts'
import { aServerKey, type KeySource } from './server-key.ts'

/**
 * The secrets of channels: kept sealed, or as references; opened to send; else a mask. Whatever is no secret passes as it is.
 *
 * `seal` takes settings as a client sent them, whole; where it sent the mask, what is stored in `old` stays. Throws a fault about `settings.FIELD`, or one
 * that says how to give this server a key. `open` throws a fault that names what is missing, never what it found.
 */
export type Sealing = {
  seal(settings: Values, fields: readonly Field[], old?: ChannelSettings): Promise<ChannelSettings>
  open(settings: ChannelSettings, fields: readonly Field[]): Promise<Values>
  /** For people: references are shown, they are no secrets. */
  masked(settings: ChannelSettings, fields: readonly Field[]): ChannelSettings
}

export function aSealing(source: KeySource, sources: SecretSources): Sealing {
  const key = aServerKey(source)

  const seal = async (settings: Values, fields: readonly Field[], old: ChannelSettings = {}) => {
    const kept = new Map(secretsIn(old, fields).map(({ path, text }) => [path, text]))
    refuse([
      ...shifted(settings, old, fields).map((name) =>
        problem(name, `write all of them: which one ${MASK} stands for cannot be told`),
      ),
      ...secretsIn(settings, fields).flatMap((secret) => problemsOf(secret, kept, sources)),
    ])
    return mapSecretsInTime(settings, fields, async ({ text, path }) => {
      if (text === MASK) return kept.get(path) ?? text
      return referenceIn(text) === null ? sealText(text, path, await key.ours()) : text
    })
  }

  const open = (settings: ChannelSettings, fields: readonly Field[]) =>
    mapSecretsInTime(settings, fields, async ({ text, path }) => {
      const reference = referenceIn(text)
      if (reference !== null) return readSecret(reference, sources)
      return isSealed(text) ? openText(text, path, await key.known()) : text
    })

  return { seal, open, masked }
}

const problem = (path: string, detail: string): FieldError => ({ path: `settings.${path}`, detail })

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(errors)
}

function problemsOf({ path, text }: SecretText, kept: ReadonlyMap<string, string>, { folder }: SecretSources): FieldError[] {
  if (text === MASK)
    return kept.has(path) ? [] : [problem(path, `${MASK} stands for what is stored, and nothing is: write the secret`)]
  const reference = referenceIn(text)
  if (reference === null) return []
  const wrong = referenceProblem(reference) ?? (reference.from === 'file' && folder === null ? NO_FOLDER : null)
  return wrong === null ? [] : [problem(path, wrong)]
}

const masked = (settings: ChannelSettings, fields: readonly Field[]): ChannelSettings =>
  mapSecrets(
    settings,
    fields,
    ({ text }) => (isReference(text) ? text : MASK),
    () => MASK,
  )

function isReference(text: string): boolean {
  const reference = referenceIn(text)
  return reference !== null && referenceProblem(reference) === null
}
