import { type BlockList, isIP } from 'node:net'
import type { Field, Values } from '../channels/kind.ts'
import { mayReach } from '../channels/sending/addresses.ts'
import type { ChannelKind } from '../domain/channel.ts'
import type { FieldError } from '../domain/fault.ts'
import { referenceIn } from '../domain/secret.ts'
import { secretsIn } from './secret-fields.ts'

/** What the operator allows, and has set. */
export type Allowed = {
  addresses: BlockList
  commands: ReadonlySet<string>
  variables: Readonly<Record<string, string>>
}

const warning = (path: string, detail: string): FieldError => ({ path: `settings.${path}`, detail })

/** The address that a URL names as such; names are looked up when something is sent. */
function addressIn(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const address = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIP(address) === 0 ? null : address
}

function privateAddresses(settings: Values, fields: readonly Field[], { addresses }: Allowed): FieldError[] {
  return fields.flatMap(({ name, type }) => {
    const address = type === 'url' ? addressIn(settings[name]) : null
    if (address === null || mayReach(address, addresses)) return []
    return [
      warning(name, `${address} is a private address: nothing is sent there unless AFFIRMATIVE_ALLOW_PRIVATE_ADDRESSES lists it`),
    ]
  })
}

function unsetVariables(settings: Values, fields: readonly Field[], { variables }: Allowed): FieldError[] {
  return secretsIn(settings, fields).flatMap(({ path, text }) => {
    const reference = referenceIn(text)
    if (reference?.from !== 'env' || (Object.hasOwn(variables, reference.name) && variables[reference.name] !== '')) return []
    return [warning(path, `the variable ${reference.name} is not set in this server: nothing can be sent without it`)]
  })
}

function forbiddenProgram({ program }: Values, { commands }: Allowed): FieldError[] {
  if (typeof program !== 'string' || commands.has(program)) return []
  return [warning('program', 'is not among AFFIRMATIVE_COMMANDS: it is not run until the operator lists it there')]
}

/**
 * What will keep settings, although nothing is wrong with them, from being of use on this server as it is set up. They are kept all the same: what is
 * missing may follow. `settings` as somebody sent them; a secret that is kept by its mask is not looked at again.
 */
export const channelWarnings = (
  kind: ChannelKind,
  settings: Values,
  fields: readonly Field[],
  allowed: Allowed,
): FieldError[] => [
  ...(kind === 'command' ? forbiddenProgram(settings, allowed) : []),
  ...privateAddresses(settings, fields, allowed),
  ...unsetVariables(settings, fields, allowed),
]
