import { type Driver, start } from './driver.ts'
import { passesTheTable } from './table.ts'

/** What runs the client, with its arguments: by JS_PROGRAM another version of Node.js, or `bun`, or `deno run -A`. */
const program = (process.env.JS_PROGRAM ?? process.execPath).split(' ')

const driver: Driver = {
  name: `the JavaScript client${process.env.JS_PROGRAM === undefined ? '' : ` by ${process.env.JS_PROGRAM}`}`,
  skip: false,
  readsTexts: false,
  affirm: (calls, settings) => start([...program, 'test/clients/drive-js.mjs'], settings, JSON.stringify(calls)),
}

// Fifty processes at once take their time: not beside those whose time is measured.
passesTheTable(driver, ['sending', 'trouble', 'values'])
passesTheTable(driver, ['spool', 'crowd'])
