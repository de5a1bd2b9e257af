import { type Driver, start } from './driver.ts'
import { passesTheTable } from './table.ts'

const driver: Driver = {
  name: 'the JavaScript client',
  skip: false,
  readsTexts: false,
  affirm: (calls, settings) => start([process.execPath, 'test/clients/drive-js.mjs'], settings, JSON.stringify(calls)),
}

// Fifty processes at once take their time: not beside those whose time is measured.
passesTheTable(driver, ['sending', 'trouble', 'values'])
passesTheTable(driver, ['spool', 'crowd'])
