import * as v from 'valibot'
import { SCOPES } from '../../domain/access.ts'
import { isKeyName, KEY_NAME_RULE } from '../../domain/api-key.ts'
import { env, page, word } from './fields.ts'

export const newApiKey = v.strictObject({
  name: v.pipe(v.string('must be a text'), v.check(isKeyName, KEY_NAME_RULE)),
  scopes: v.pipe(
    v.array(word(SCOPES), 'must be a list of scopes'),
    v.minLength(1, `at least one of ${SCOPES.join(', ')}`),
    // In one order, and each once, however they were written.
    v.transform((asked) => SCOPES.filter((scope) => asked.includes(scope))),
  ),
  env: v.optional(v.nullable(env), null),
})

export const keysQuery = v.strictObject(page)
