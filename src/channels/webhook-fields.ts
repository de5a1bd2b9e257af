import type { Field } from './kind.ts'
import { urlField } from './request.ts'
import { checkSecret } from './signature.ts'
import { checkBody } from './template.ts'

const METHODS = ['POST', 'PUT', 'PATCH']

/** Headers that say how a body is sent, and ours. */
const RESERVED = /^(host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer|keep-alive|webhook-.*)$/i

function checkHeaderName(name: string): string | null {
  if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) return 'has a name that no header can have.'
  return RESERVED.test(name) ? `must not hold ${name}: it is set here.` : null
}

const checkHeader = (value: string): string | null =>
  /^[\x20-\x7e]*$/.test(value) ? null : 'has to be of plain ASCII characters.'

export const webhookFields: readonly Field[] = [
  urlField('URL', 'where messages are sent to; everybody sees it here: tokens belong into the headers', false),
  {
    name: 'method',
    label: 'Method',
    hint: 'POST, PUT or PATCH; else POST',
    type: 'text',
    isRequired: false,
    isSecret: false,
    longest: 10,
    check: (text) => (METHODS.includes(text) ? null : 'has to be POST, PUT or PATCH.'),
  },
  {
    name: 'headers',
    label: 'Headers',
    hint: 'like authorization: Bearer …',
    type: 'pairs',
    isRequired: false,
    isSecret: true,
    longest: 4_000,
    check: checkHeader,
    checkName: checkHeaderName,
  },
  {
    name: 'body',
    label: 'Body',
    hint: 'a template with {{title}}, {{text}}, {{url}}, …; else the whole message as JSON',
    type: 'lines',
    isRequired: false,
    isSecret: false,
    longest: 16_000,
    check: checkBody,
  },
  {
    name: 'secret',
    label: 'Signing secret',
    hint: 'as Standard Webhooks has it: whsec_ and base64; then messages are signed',
    type: 'text',
    isRequired: false,
    isSecret: true,
    longest: 200,
    check: checkSecret,
  },
]
