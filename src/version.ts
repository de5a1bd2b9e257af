import { readFileSync } from 'node:fs'
import { inRoot } from './root.ts'

/** The version of this program, as package.json has it. */
export const version = (): string => (JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { version: string }).version
