import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Call, type Driver, type Settings, start } from './driver.ts'
import { missing } from './installed.ts'

/** The file that is the client. */
export const CLIENT = join(process.cwd(), 'clients/r/affirmative.R')

/** `bytes("6f6b")` and `text("6f6b")`, as R reads no JSON and its parser no control characters. */
const PRELUDE = `
source(${JSON.stringify(CLIENT)}, encoding = "UTF-8")
bytes <- function(hex) as.raw(strtoi(substring(hex, seq(1, nchar(hex) - 1, 2), seq(2, nchar(hex), 2)), 16L))
text <- function(hex) if (hex == "") "" else { given <- rawToChar(bytes(hex)); Encoding(given) <- "UTF-8"; given }
`

/** A text as R writes it, whatever is in it. */
export const inR = (text: string): string => `text("${Buffer.from(text).toString('hex')}")`

function called({ event, value, status = 'ok', id, env, source }: Call): string {
  const optional = (name: string, given: string | undefined) => (given === undefined ? '' : `, ${name} = ${inR(given)}`)
  const said = typeof value === 'object' ? `bytes("${Buffer.from(value.base64, 'base64').toString('hex')}")` : inR(value ?? '')
  const client = `affirmative(NULL${optional('env', env)}${optional('source', source)})`
  return `affirm(${client}, ${inR(event)}${value === undefined ? '' : `, ${said}`}, status = "${status}"${optional('id', id)})`
}

/** Starts a script of R that knows the client; warnings are errors. */
export function startR(script: string, settings: Settings, input = '') {
  const folder = mkdtempSync(join(tmpdir(), 'affirmative-r-'))
  const file = join(folder, 'script.R')
  writeFileSync(file, `options(warn = 2)\n${PRELUDE}${script}\n`)
  const started = start(['Rscript', '--vanilla', file], settings, input)
  started.child.once('close', () => rmSync(folder, { recursive: true }))
  return started
}

/** The client of R. */
export const r: Driver = {
  name: 'the R client',
  skip: missing('Rscript'),
  readsTexts: false,
  affirm: (calls, settings) => startR(calls.map(called).join('\n'), settings),
}
